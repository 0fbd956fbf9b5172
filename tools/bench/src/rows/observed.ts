import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMillisecondsOf, entryPoint, freePort, V8_FLAGS } from '@souk/stack';
import { z } from 'zod';
import { copyCatalogue } from '../catalogue.ts';
import { startProgram } from '../program.ts';
import type { Bench, Contest, Row } from '../row.ts';
import { wrk } from '../wrk.ts';

/** Of each of the two. */
const CONNECTIONS = 25;
const PAGE = '/api/products?limit=20';
const PRODUCTS = 2_000;
const WARM_UP_SECONDS = 4;

const State = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.number() })) });

/** What a program that runs was told; Linux only. */
function environmentOf(name: string, stateFile: string): Record<string, string> {
  const { processes } = State.parse(JSON.parse(readFileSync(stateFile, 'utf8')));
  const pid = processes.find((process) => process.name === name)?.pid;
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

type Without = 'observing' | 'tracing' | 'nothing';

/** A gateway beside the one that runs, told the same, but for what is loaded before it. */
async function gatewayWithout(what: Without, { stateFile, directory }: Bench, path: string) {
  const [port, opsPort] = [await freePort(), await freePort()];
  const base = `http://127.0.0.1:${port}`;
  const env = { ...environmentOf('gateway', stateFile), PORT: String(port), OPS_PORT: String(opsPort) };
  const preload = what === 'nothing' ? [] : ['--import', join(import.meta.dirname, `../without/${what}.ts`)];
  const args = [...V8_FLAGS, ...preload, entryPoint('gateway')];
  return { base, ...(await startProgram(process.execPath, args, env, base + path, join(directory, 'gateways.log'))) };
}

/**
 * Each round has gateways of its own, asked until they are warm: two that are started alike differ by up to a tenth for as long as
 * they live, by what V8 made of them.
 */
function pair(bench: Bench, what: 'observing' | 'tracing', paths: readonly string[]): Contest {
  const { seconds, directory } = bench;
  const ask = (without: Without) => async () => {
    const { base, pid, stop } = await gatewayWithout(without, bench, paths[0] ?? '');
    try {
      const load = { base, paths, connections: CONNECTIONS };
      await wrk({ ...load, seconds: WARM_UP_SECONDS }, directory);
      const before = cpuMillisecondsOf(pid);
      const rate = await wrk({ ...load, seconds }, directory);
      return (rate * seconds * 1_000) / (cpuMillisecondsOf(pid) - before);
    } finally {
      await stop();
    }
  };
  return { ours: ask('nothing'), reference: ask(what), isAtOnce: true };
}

/** What metrics, logs and request ids cost where there is least besides. */
export const observedHits: Row = {
  name: 'catalogue read at the gateway, hit',
  against: 'the same without metrics, logs, ids',
  unit: 'requests/CPU s',
  must: 0.9,
  aim: 0.95,
  prepare: async (bench) => pair(bench, 'observing', [PAGE]),
};

/** What tracing costs while nobody records it. */
export const untracedReads: Row = {
  name: 'product by id, tracing off',
  against: 'the same without tracing',
  unit: 'requests/CPU s',
  must: 0.98,
  aim: 1,
  isUncached: true,
  prepare: async (bench) => {
    const { products } = await copyCatalogue(bench, PRODUCTS);
    return pair(
      bench,
      'tracing',
      products.map(({ id }) => `/api/products/${id}`),
    );
  },
};
