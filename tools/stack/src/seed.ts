import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Credentials } from './credentials.ts';
import type { DemoProduct } from './demo-catalogue.ts';
import { natsOptions } from './nats-options.ts';

const BATCH = 200;
const TIMEOUT_MS = 30_000;

/** A seed message that was refused. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** Loads the catalogue into an empty store and makes the demo user exist. Answers how many products were loaded. */
export async function seed(natsUrl: string, catalogue: DemoProduct[], account: Credentials): Promise<number> {
  const bus = await connect({ ...natsOptions(natsUrl), name: 'souk-seed' });
  try {
    const [created] = await Promise.all([loadCatalogue(bus, catalogue), registerDemo(bus, account)]);
    return created;
  } finally {
    await bus.close();
  }
}

async function loadCatalogue(bus: NatsConnection, catalogue: DemoProduct[]): Promise<number> {
  const { items } = await ask<{ items: unknown[] }>(bus, 'product.list', { limit: 1 });
  if (items.length > 0) return 0;
  let loaded = 0;
  for (let from = 0; from < catalogue.length; from += BATCH) {
    const products = catalogue.slice(from, from + BATCH);
    const { created } = await ask<{ created: number }>(bus, 'product.import', { products });
    loaded += created;
  }
  return loaded;
}

async function registerDemo(bus: NatsConnection, { demoEmail: email, demoPassword: password }: Credentials) {
  const reply = await request(bus, 'user.register', { email, password, name: 'Demo Customer' });
  const code = refusal(reply);
  if (code !== '' && code !== 'EMAIL_TAKEN') throw new SeedError(`user.register was refused: ${reply.string()}`);
}

async function ask<Output>(bus: NatsConnection, subject: string, input: object): Promise<Output> {
  const reply = await request(bus, subject, input);
  if (refusal(reply) !== '') throw new SeedError(`${subject} was refused: ${reply.string()}`);
  return reply.json<Output>();
}

function request(bus: NatsConnection, subject: string, input: object): Promise<Msg> {
  return bus.request(subject, JSON.stringify(input), { timeout: TIMEOUT_MS });
}

/** The error code of a reply; empty when it is none. */
function refusal(reply: Msg): string {
  return reply.headers?.get('Nats-Service-Error') ?? '';
}
