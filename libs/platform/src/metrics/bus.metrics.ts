import { z } from 'zod';
import { on, onBreaker } from '../facts.ts';
import { counter, gauge } from './metric.ts';
import { TalliedHistogram } from './tally.ts';

const Timed = z.object({ subject: z.string(), outcome: z.string(), seconds: z.number() });
const Retry = z.object({ subject: z.string(), outcome: z.string() });
const RetryBudget = z.object({ left: z.number() });
const Trip = z.object({ seconds: z.number() });
const Skew = z.object({ caller: z.string(), seconds: z.number() });

/** Calls on the bus, by contract, at both ends. */
export function busMetrics(): void {
  const labels = ['subject', 'outcome'] as const;
  const calls = new TalliedHistogram('souk_rpc_call_seconds', 'Calls on the bus, at the caller', labels);
  const handled = new TalliedHistogram('souk_rpc_handler_seconds', 'Calls on the bus, at the handler', labels);
  on('souk:rpc:call', Timed, ({ subject, outcome, seconds }) => calls.record({ subject, outcome }, seconds));
  on('souk:rpc:handled', Timed, ({ subject, outcome, seconds }) => handled.record({ subject, outcome }, seconds));
  const trip = gauge('souk_bus_round_trip_seconds', 'To the broker and back, when last tried');
  on('souk:rpc:roundTrip', Trip, ({ seconds }) => trip.set(seconds));
  const skew = gauge('souk_clock_skew_seconds', 'How far a caller’s clock is ahead, at least', ['caller']);
  on('souk:rpc:skew', Skew, ({ caller, seconds }) => skew.set({ caller }, seconds));
  const open = gauge('souk_breaker_open', '1 while calls are refused', ['target']);
  onBreaker(({ target, state }) => open.set({ target }, state === 'Open' ? 1 : 0));
  const retries = counter('souk_rpc_retries_total', 'Calls that could be retried', labels);
  on('souk:rpc:retry', Retry, ({ subject, outcome }) => retries.inc({ subject, outcome }));
  const budget = gauge('souk_rpc_retry_budget', 'Retries left');
  on('souk:rpc:retryBudget', RetryBudget, ({ left }) => budget.set(left));
}
