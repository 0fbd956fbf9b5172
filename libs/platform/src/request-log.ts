import type { Logger } from 'pino';
import { z } from 'zod';
import { onAnsweredRequest } from './answered-request.ts';
import { on } from './facts.ts';

const Call = z.object({
  requestId: z.string(),
  userId: z.string().optional(),
  caller: z.string().optional(),
  subject: z.string(),
  outcome: z.string(),
  seconds: z.number(),
});

const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;

/**
 * One line for each request and each call this process has answered. What a cache or a health report of a moment ago
 * answered, and what was refused because there was too much, is routine: its line, which would cost a tenth of the answer, is
 * written at level debug.
 */
export function logRequests(logger: Logger): void {
  // No field of theirs is secret by its name, which costs a fifth of a line to find out. What it may write, `logger` is asked.
  const lines = logger.child({}, { level: 'trace', redact: [] });
  onAnsweredRequest((answered) => {
    const level = answered.isRoutine ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    const { seconds, isRoutine: _, ...request } = answered;
    lines[level]({ ...request, milliseconds: milliseconds(seconds) }, 'request');
  });
  on('souk:rpc:handled', Call, ({ seconds, subject: contract, ...call }) => {
    const level = call.outcome === 'OVERLOADED' ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) lines[level]({ ...call, contract, milliseconds: milliseconds(seconds) }, 'call');
  });
}
