import { Inject, Injectable } from '@nestjs/common';
import type { Msg } from '@nats-io/nats-core';
import { ServiceErrorCodeHeader } from '@nats-io/services';
import { AppError, type CallInput, type Contract, type Event, type Reply } from '@souk/contracts';
import { currentContext, remainingMs, safeRequestId, type SpanFact, traced } from '@souk/platform';
import { CircuitBreakers } from '@souk/resilience';
import type { z } from 'zod';
import { BusConnection } from './connection.ts';
import { jsonOf, publishEvent, subscribeEvent } from './events.ts';
import { writeHeaders } from './headers.ts';
import { type ReplicaStats, replicaStats } from './replica-stats.ts';
import { Retry } from './retry.ts';
import { callChannel, secondsSince, spanAttributes } from './rpc.channels.ts';
import { BusDownError, readErrorReply, toAppError } from './rpc.errors.ts';
import { RPC_OPTIONS, type RpcOptions } from './rpc.options.ts';
import { Wiretap } from './wiretap.ts';

/** What a nested call leaves its caller to answer in (DESIGN §4). */
const CALLER_RESERVE_MS = 50;
const PING_TIMEOUT_MS = 500;

/** Calls other services. Every failure is an `AppError`. */
@Injectable()
export class RpcClient {
  // A refusal is an answer: only a target that does not answer is unwell.
  readonly #breakers = new CircuitBreakers({ isFailure: (error) => !(error instanceof AppError) });

  readonly #retry: Retry | undefined;

  constructor(
    private readonly connection: BusConnection,
    private readonly wiretap: Wiretap,
    @Inject(RPC_OPTIONS) { retries = false }: RpcOptions,
  ) {
    this.#retry = retries ? new Retry() : undefined;
  }

  /** Throws the errors of the contract, and `SERVICE_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `BAD_REPLY`. */
  async call<C extends Contract>(
    contract: C,
    input: CallInput<C>,
    { timeoutMs = contract.timeoutMs }: { timeoutMs?: number } = {},
  ): Promise<Reply<C>> {
    const start = performance.now();
    try {
      const send = () => this.#send(contract, input, Math.min(timeoutMs, remainingMs() - CALLER_RESERVE_MS));
      const reply = await (this.#retry ? this.#retry.run(contract, send) : send());
      callChannel.publish({ subject: contract.subject, outcome: 'ok', seconds: secondsSince(start) });
      return reply;
    } catch (error) {
      const failure = toAppError(error, contract.service);
      callChannel.publish({ subject: contract.subject, outcome: failure.code, seconds: secondsSince(start) });
      if (!(error instanceof AppError)) this.#reportUnanswered(contract, input, failure, secondsSince(start));
      throw failure;
    }
  }

  // What was answered, the handler tells of.
  #reportUnanswered({ subject }: Contract, request: unknown, failure: AppError, seconds: number): void {
    if (!this.wiretap.hears(subject)) return;
    const requestId = safeRequestId(currentContext()?.requestId);
    const { code: outcome } = failure;
    const ends = { seenBy: 'caller', caller: this.connection.name, replica: null } as const;
    this.wiretap.report({ ...ends, subject, requestId, outcome, seconds, request, reply: failure.toBody() });
  }

  /** Tells every listener on every replica; nobody answers, and nobody may be listening. */
  publish<E extends Event>(event: E, payload: z.input<E['payload']>): void {
    publishEvent(this.connection, event, payload);
  }

  /** A message that does not match the event's schema is dropped: it came from somewhere else. */
  subscribe<E extends Event>(event: E, listener: (payload: z.output<E['payload']>) => void): void {
    subscribeEvent(this.connection, event, listener);
  }

  onReconnect(listener: () => void): void {
    this.connection.onReconnect(listener);
  }

  /** Asks any replica of a service whether it is there; throws when none answers. */
  async ping(service: string): Promise<void> {
    if (!this.connection.isUp) throw new BusDownError();
    await this.connection.nats.request(`$SRV.PING.${service}`, undefined, { timeout: PING_TIMEOUT_MS });
  }

  /** What each replica of a service has done; one that does not answer is not among them. */
  replicas(service: string): Promise<ReplicaStats[]> {
    return replicaStats(this.connection.nats, service);
  }

  async #send<C extends Contract>(contract: C, input: CallInput<C>, budget: number): Promise<Reply<C>> {
    if (budget <= 0) throw new AppError('DEADLINE_EXCEEDED');
    if (!this.connection.isUp) throw new BusDownError();
    const { subject, service } = contract;
    const span: SpanFact = { name: `call ${subject}`, kind: 'client', attributes: spanAttributes(subject) };
    const ask = () => this.#ask(contract, input, budget, span.traceparent);
    return traced(span, async () => this.#answered(contract, await this.#breakers.run(service, ask)));
  }

  #answered<C extends Contract>(contract: C, message: Msg): Reply<C> {
    const payload = jsonOf(message);
    if (message.headers?.has(ServiceErrorCodeHeader)) throw readErrorReply(payload);
    const reply = contract.output.safeParse(payload);
    if (!reply.success) throw new AppError('BAD_REPLY', { cause: reply.error, details: { service: contract.service } });
    return reply.data as Reply<C>;
  }

  #ask({ service, subject }: Contract, input: unknown, timeoutMs: number, traceparent?: string): Promise<Msg> {
    const context = currentContext();
    const headers = writeHeaders({
      requestId: safeRequestId(context?.requestId),
      caller: this.connection.name,
      deadline: Date.now() + timeoutMs,
      traceparent: traceparent ?? context?.traceparent,
      actingUser: context?.actingUser,
    });
    return this.connection.requests.ask({ service, subject, payload: JSON.stringify(input), headers, timeoutMs });
  }
}
