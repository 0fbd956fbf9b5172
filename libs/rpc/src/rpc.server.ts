import { Inject, Injectable } from '@nestjs/common';
import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { type Service, type ServiceMsg, Svcm } from '@nats-io/services';
import { AppError, type Contract, drainAsked, parseOrRefuse, type Priority, priorityShares } from '@souk/contracts';
import { currentContext, type RequestContext, remainingMs, runInContext, type SpanFact, traced } from '@souk/platform';
import { Admission, type Refusal } from '@souk/resilience';
import { firstValueFrom } from 'rxjs';
import { checkActingUser } from './acting-user.ts';
import { BusConnection } from './connection.ts';
import { EndpointStats } from './endpoint-stats.ts';
import { jsonOf, subscribeEvent } from './events.ts';
import { contractOf } from './handles.decorator.ts';
import { callerOf, LONGEST_DEADLINE_MS, readContext } from './headers.ts';
import { InFlight } from './in-flight.ts';
import { handledChannel, secondsSince, skewChannel, spanAttributes } from './rpc.channels.ts';
import { toErrorReply, toRefusal } from './rpc.errors.ts';
import { RPC_OPTIONS, type RpcOptions } from './rpc.options.ts';
import { type SeenCall, Wiretap } from './wiretap.ts';

const VERSION = '0.1.0';
const DEFAULT_MAX_IN_FLIGHT = 64;

/** What a call was answered; `outcome` is `ok` or an error code. */
interface Answer {
  outcome: string;
  reply: unknown;
}

/**
 * Serves contracts as a NATS service (ADR-32), so that `nats micro` sees it and a plain `nats req` is answered.
 * Nest's own NATS transport does neither, has no queue group by default and loses replies on close (FACTS).
 */
@Injectable()
export class RpcServer extends Server implements CustomTransportStrategy {
  readonly #stats = new EndpointStats();
  readonly #inFlight = new InFlight();
  readonly #admission: Admission<Priority>;
  #service: Service | undefined;

  constructor(
    private readonly connection: BusConnection,
    private readonly wiretap: Wiretap,
    @Inject(RPC_OPTIONS) { name, maxInFlight: limit = DEFAULT_MAX_IN_FLIGHT }: RpcOptions,
  ) {
    super();
    this.#admission = new Admission({ name, limit, shares: priorityShares });
  }

  /** Joins the queue group, which is named for the service. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    const { name, nats } = this.connection;
    this.#service = await new Svcm(nats).add({
      name,
      version: VERSION,
      queue: name,
      statsHandler: (endpoint) => this.#stats.fill(endpoint),
    });
    for (const [subject, handler] of this.messageHandlers) this.#addEndpoint(contractOf(subject), handler);
    subscribeEvent(this.connection, drainAsked, ({ replica }) => this.#drain(replica));
    await nats.flush();
    callback();
  }

  /** Leaves the queue group, then waits for what is running: no message that reached this replica is lost. */
  async close(): Promise<void> {
    await this.#service?.stop();
    await this.#inFlight.settled(LONGEST_DEADLINE_MS);
    if (!this.connection.nats.isClosed()) await this.connection.nats.flush();
  }

  #drain(replica: string): void {
    if (replica === this.#service?.info().id) process.kill(process.pid, 'SIGTERM');
  }

  // Nest asks for both; the connection's own status is on BusConnection.
  on(): void {}
  unwrap<T>(): T {
    return this.connection.nats as T;
  }

  #addEndpoint(contract: Contract, handler: MessageHandler): void {
    const name = contract.subject.slice(contract.service.length + 1);
    this.#service?.addEndpoint(name, {
      subject: contract.subject,
      metadata: { idempotent: String(contract.idempotent), timeoutMs: String(contract.timeoutMs) },
      handler: (error, message) => {
        if (!error) this.#inFlight.add(this.#serve(contract, handler, message));
      },
    });
  }

  async #serve(contract: Contract, handler: MessageHandler, message: ServiceMsg): Promise<void> {
    const start = performance.now();
    const { subject } = contract;
    const context = readContext(message.headers, Date.now(), contract.timeoutMs);
    announceSkew(message, context, contract.timeoutMs);
    if (this.wiretap.hears(subject)) context.storeCalls = [];
    const { outcome, reply } = await runInContext(context, () => this.#answerTraced(contract, handler, message));
    const seconds = secondsSince(start);
    this.#stats.record(subject, seconds, outcome);
    const { requestId, actingUser } = context;
    handledChannel.publish({
      subject,
      outcome,
      seconds,
      requestId,
      userId: actingUser?.userId,
      caller: callerOf(message.headers),
    });
    if (context.storeCalls) this.#report(message, context, { subject, outcome, reply, seconds });
  }

  #answerTraced(contract: Contract, handler: MessageHandler, message: ServiceMsg): Promise<Answer> {
    const { subject } = contract;
    const context = currentContext();
    const parent = context?.traceparent;
    const span: SpanFact = { name: subject, kind: 'server', attributes: spanAttributes(subject), parent };
    return traced(span, async () => {
      if (context && span.traceparent) context.traceparent = span.traceparent;
      const answer = await this.#answer(contract, handler, message);
      span.outcome = answer.outcome;
      return answer;
    });
  }

  #report(
    message: ServiceMsg,
    context: RequestContext,
    call: Pick<SeenCall, 'subject' | 'outcome' | 'reply' | 'seconds'>,
  ) {
    this.wiretap.report({
      ...call,
      seenBy: 'handler',
      caller: callerOf(message.headers) ?? null,
      replica: this.#service?.info().id ?? null,
      requestId: context.requestId,
      request: jsonOf(message),
      store: context.storeCalls,
    });
  }

  async #answer(contract: Contract, handler: MessageHandler, message: ServiceMsg): Promise<Answer> {
    try {
      const reply = await this.#run(contract, handler, message);
      await this.connection.outgoing.send(this.#inFlight.size, () => message.respond(JSON.stringify(reply)));
      return { outcome: 'ok', reply };
    } catch (error) {
      const failure = toErrorReply(error);
      // A refusal is an answer, and shedding must not cost a line of log each time; a bug must be seen.
      if (failure.code === 'INTERNAL') this.logger.error(`${contract.subject} failed`, failure.cause ?? failure);
      const reply = failure.toBody();
      const { status, code } = failure;
      await this.connection.outgoing.send(this.#inFlight.size, () =>
        message.respondError(status, code, JSON.stringify(reply)),
      );
      return { outcome: failure.code, reply };
    }
  }

  async #run(contract: Contract, handler: MessageHandler, message: ServiceMsg): Promise<unknown> {
    const refusal = await this.#admit(contract);
    if (refusal) throw toRefusal(refusal);
    try {
      return await this.#handle(contract, handler, message);
    } finally {
      this.#admission.leave(contract.priority);
    }
  }

  #admit({ priority }: Contract): Promise<Refusal | undefined> {
    return new Promise((resolve) => this.#admission.enter(priority, remainingMs(), resolve));
  }

  async #handle(contract: Contract, handler: MessageHandler, message: ServiceMsg): Promise<unknown> {
    const input = parseOrRefuse(contract.input, readJson(message));
    checkActingUser(contract, callerOf(message.headers), input);
    const reply = await handler(input, new BaseRpcContext([message]));
    return firstValueFrom(this.transformToObservable(reply));
  }
}

// `nats req product.categories ''` is a call without arguments.
function readJson(message: ServiceMsg): unknown {
  if (message.data.length === 0) return {};
  try {
    return message.json();
  } catch (cause) {
    throw new AppError('MALFORMED_REQUEST', { message: 'The payload is not JSON.', cause });
  }
}

function announceSkew({ headers }: ServiceMsg, { deadline = 0 }: RequestContext, timeoutMs: number): void {
  const ahead = deadline - Date.now() - timeoutMs;
  if (ahead > 0) skewChannel.publish({ caller: callerOf(headers) ?? 'unknown', seconds: ahead / 1_000 });
}
