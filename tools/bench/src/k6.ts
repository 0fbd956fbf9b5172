import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findK6 } from '@souk/load/k6';
import { root, soukDirectory } from '@souk/stack';
import { z } from 'zod';
import { say } from './say.ts';

const exec = promisify(execFile);

/** Shoppers of a suite in `load-tests/`: so many at once, all of them after `rampSeconds`. */
export interface Crowd {
  suite: 'k6-simple-test' | 'stress';
  base: string;
  shoppers: number;
  rampSeconds: number;
  seconds: number;
  /** A load beside what is measured: its own thresholds are of no interest. */
  isBackground?: true;
}

const Summary = z.object({ metrics: z.object({ http_reqs: z.object({ rate: z.number() }) }) });

/** Requests a second. Throws where a check or a threshold of the suite was missed. */
export async function k6(crowd: Crowd, directory: string): Promise<number> {
  const { suite, base, shoppers, rampSeconds, seconds, isBackground = false } = crowd;
  const program = await findK6(soukDirectory, say);
  const summary = join(directory, 'k6.json');
  const stages = [`${rampSeconds}s:${shoppers}`, `${seconds}s:${shoppers}`].flatMap((stage) => ['--stage', stage]);
  const quiet = ['--quiet', '--no-color', ...(isBackground ? ['--no-thresholds'] : [])];
  const args = ['run', ...quiet, '--summary-export', summary, ...stages, '-e', `BASE_URL=${base}`];
  await exec(program, [...args, join(root, 'load-tests', `${suite}.js`)], { maxBuffer: 1 << 26 }).catch(failed);
  return Summary.parse(JSON.parse(await readFile(summary, 'utf8'))).metrics.http_reqs.rate;
}

function failed({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }): never {
  const missed = stdout.split('\n').filter((line) => line.includes('✗'));
  throw new Error(`No figure:\n${[...missed, ...stderr.split('\n').slice(0, 5)].join('\n')}`);
}
