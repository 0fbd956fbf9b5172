#!/usr/bin/env node
// Asks for health and the catalogue with nothing but Node, and says how fast the answers were. For a first look.
//
//   node load-tests/simple-test.js [--json]
//
// The shop is at BASE_URL, else where `npm run up` says it runs (.souk/stack.json), else at http://localhost:8080.
// Exit status 1 if an answer was wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUESTS = Number(process.env.REQUESTS ?? 2_000);
const AT_ONCE = Number(process.env.AT_ONCE ?? 50);
const PATHS = ['/health', '/api/products', '/api/categories'];

function runningShop() {
  try {
    const { processes } = JSON.parse(readFileSync(join(import.meta.dirname, '../.souk/stack.json'), 'utf8'));
    const urlOf = (wanted) => processes.find(({ name }) => name === wanted)?.url;
    return urlOf('nginx') ?? urlOf('gateway');
  } catch {
    return undefined;
  }
}

const base = process.env.BASE_URL ?? runningShop() ?? 'http://localhost:8080';

async function ask(path) {
  const start = performance.now();
  try {
    const response = await fetch(base + path);
    await response.arrayBuffer();
    return { path, ok: response.status === 200, why: String(response.status), ms: performance.now() - start };
  } catch (error) {
    return { path, ok: false, why: String(error.cause?.code ?? error), ms: performance.now() - start };
  }
}

async function askAll() {
  const answers = [];
  let next = 0;
  const one = async () => {
    while (next < REQUESTS) answers.push(await ask(PATHS[next++ % PATHS.length]));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return answers;
}

const quantile = (ascending, share) => ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))];

function rowOf(path, answers) {
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const failed = answers.filter(({ ok }) => !ok);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Number(quantile(times, share).toFixed(2)));
  return { path, requests: answers.length, failed: failed.length, p50, p95, p99, why: failed[0]?.why };
}

const start = performance.now();
const answers = await askAll();
const perSecond = Math.round(answers.length / ((performance.now() - start) / 1_000));
const rows = PATHS.map((path) =>
  rowOf(
    path,
    answers.filter((answer) => answer.path === path),
  ),
);
const failed = rows.reduce((sum, row) => sum + row.failed, 0);

if (process.argv.includes('--json')) console.log(JSON.stringify({ base, perSecond, failed, rows }));
else {
  console.log(`${base}: ${answers.length} requests, ${AT_ONCE} at once, ${perSecond} a second\n`);
  console.log('                   failed   p50 ms   p95 ms   p99 ms');
  for (const { path, failed, p50, p95, p99, why } of rows) {
    const figures = [failed, p50, p95, p99].map((figure) => String(figure).padStart(9)).join('');
    console.log(`${path.padEnd(16)}${figures}${why === undefined ? '' : `   first failure: ${why}`}`);
  }
  console.log(failed === 0 ? '\nEvery answer was right.' : `\n${failed} answers were not 200.`);
}
process.exitCode = failed === 0 ? 0 : 1;
