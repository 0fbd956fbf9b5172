import type { HealthReport } from '@souk/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addHealthPath } from './health-path.ts';

const report: HealthReport = { status: 'ok', info: {}, error: {}, details: {}, degraded: ['redis'] };

let fastify: FastifyInstance;
let recent: HealthReport | undefined;
const handled = vi.fn<() => string>(() => 'asked');

beforeEach(() => {
  recent = report;
  handled.mockClear();
  fastify = Fastify();
  addHealthPath(fastify, { recent: () => recent });
  for (const path of ['/health', '/health/ready', '/health/live']) fastify.get(path, handled);
});
afterEach(() => fastify.close());

it.each(['/health', '/health/ready'])('answers %s with a report of a moment ago', async (url) => {
  const reply = await fastify.inject({ url });
  expect([reply.statusCode, reply.json()]).toEqual([200, report]);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(handled).not.toHaveBeenCalled();
});

it('asks where there is none, where it would not be the answer, and whether the process lives', async () => {
  for (const url of ['/health/live', '/health?verbose=1']) await fastify.inject({ url });
  await fastify.inject({ method: 'HEAD', url: '/health' });
  recent = undefined;
  await fastify.inject({ url: '/health' });
  expect(handled).toHaveBeenCalledTimes(4);
});
