import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { type NamedEndpointStats, type ServiceInfo, type ServiceStats, Svcm } from '@nats-io/services';
import { connect } from '@nats-io/transport-node';
import type { Contract, Event } from '@souk/contracts';
import { natsOptions, runningUrl, UsageError } from '@souk/stack';
import type { z } from 'zod';
import { heard } from './nobody-there.ts';

/** How long replicas may take to say that they are there. */
const LISTEN_MS = 1_000;
const CONNECT_MS = 2_000;
/** Until nobody has answered for a while. */
const listening = { strategy: 'stall', maxWait: LISTEN_MS } as const;

export interface Replica extends ServiceInfo {
  stats: NamedEndpointStats[];
  started: string;
}

/** The bus as its operator sees it. */
export class Bus implements AsyncDisposable {
  private readonly nats: NatsConnection;

  private constructor(nats: NatsConnection) {
    this.nats = nats;
  }

  /** Throws `UsageError` where no bus is known, and what the client says of one that does not answer. */
  static async open(url: string | undefined, env: NodeJS.ProcessEnv): Promise<Bus> {
    const found = url ?? env['NATS_URL'] ?? runningUrl('nats', env);
    if (found === undefined)
      throw new UsageError('No stack runs here: start one with `npm run up`, or name a bus with --nats.');
    return new Bus(await connect({ ...natsOptions(found), name: 'bus', timeout: CONNECT_MS, noAsyncTraces: true }));
  }

  /** Every replica, by service and start. */
  async replicas(service?: string): Promise<Replica[]> {
    const client = new Svcm(this.nats).client(listening);
    const [infos, stats] = await Promise.all([heard(() => client.info(service)), heard(() => client.stats(service))]);
    const statsOf = new Map(stats.map((each) => [each.id, each]));
    return infos
      .map((info) => replicaOf(info, statsOf.get(info.id)))
      .toSorted((a, b) => a.name.localeCompare(b.name) || a.started.localeCompare(b.started));
  }

  /** How long each replica took to say that it is there, in milliseconds. */
  async ping(service?: string): Promise<{ name: string; id: string; milliseconds: number }[]> {
    await this.nats.flush();
    const start = performance.now();
    const client = new Svcm(this.nats).client(listening);
    const answers = await heard(async () => timed(await client.ping(service), start));
    return answers.toSorted((a, b) => a.name.localeCompare(b.name) || a.milliseconds - b.milliseconds);
  }

  /** One call, as JSON; rejects as the client does where nobody answers. */
  call({ subject, timeoutMs }: Contract, input: unknown, headers: NonNullable<Msg['headers']>): Promise<Msg> {
    return this.nats.request(subject, JSON.stringify(input), { timeout: timeoutMs, headers });
  }

  announce<E extends Event>({ subject }: E, payload: z.input<E['payload']>): void {
    this.nats.publish(subject, JSON.stringify(payload));
  }

  /** Resolves when the broker has what was announced. */
  flush(): Promise<void> {
    return this.nats.flush();
  }

  /** What does not match the event's schema came from somewhere else. */
  listen<E extends Event>({ subject, payload }: E, listener: (payload: z.output<E['payload']>) => void): void {
    this.nats.subscribe(subject, {
      callback: (error, message) => {
        const parsed = error ? undefined : payload.safeParse(message.json());
        if (parsed?.success) listener(parsed.data as z.output<E['payload']>);
      },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.nats.close();
  }
}

const replicaOf = (info: ServiceInfo, stats: ServiceStats | undefined): Replica => ({
  ...info,
  stats: stats?.endpoints ?? [],
  started: stats?.started ?? '',
});

/** Each answer with the time it came, in milliseconds since `start`. */
async function* timed(answers: AsyncIterable<{ name: string; id: string }>, start: number) {
  for await (const { name, id } of answers) yield { name, id, milliseconds: performance.now() - start };
}
