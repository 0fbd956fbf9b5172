import type { HealthReport } from '@souk/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addEarlyAnswers } from './early-answers.ts';
import { healthPath } from './health-path.ts';

const report: HealthReport = { status: 'ok', info: {}, error: {}, details: {}, degraded: ['redis'] };

let fastify: FastifyInstance;
let base: string;
let recent: HealthReport | undefined;
const handled = vi.fn<() => string>(() => 'asked');

beforeEach(async () => {
  recent = report;
  handled.mockClear();
  fastify = Fastify();
  addEarlyAnswers(fastify.server, [healthPath({ recent: () => recent })], false);
  for (const path of ['/health', '/health/ready', '/health/live']) fastify.get(path, handled);
  base = await fastify.listen();
});
afterEach(() => fastify.close());

it.each(['/health', '/health/ready'])('answers %s with a report of a moment ago', async (url) => {
  const reply = await fetch(base + url);
  expect([reply.status, await reply.json()]).toEqual([200, report]);
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(handled).not.toHaveBeenCalled();
});

it('asks where there is none, where it would not be the answer, and whether the process lives', async () => {
  for (const url of ['/health/live', '/health?verbose=1']) await fetch(base + url);
  await fetch(`${base}/health`, { method: 'HEAD' });
  recent = undefined;
  await fetch(`${base}/health`);
  expect(handled).toHaveBeenCalledTimes(4);
});
