import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { privateDirectory } from './paths.ts';
import { run } from './run.ts';
import { Unavailable } from './unavailable.error.ts';

const PROBE_MS = 4_500;

// Asked in a process of its own: `--use-env-proxy` honours the user's proxy for this one question only
// (the stack's own calls to 127.0.0.1 must never go through it), and a kill ends even a hanging name look-up.
const ASK = `
fetch(process.argv[1], { method: 'HEAD', redirect: 'follow' }).then(
  (answer) => console.log(answer.status),
  (error) => console.log(/CERT|SELF_SIGNED|ISSUER/.test(String(error.cause?.code)) ? 'certificate' : 'silent'),
)`;

/** A place things are fetched from: the address asked to learn whether it is there, and which answers count as yes. */
export type Origin = { name: string; url: string; counts: (answer: string) => boolean };

/**
 * Throws `Unavailable` unless the origin answers within 5 s. One that did not is not asked again that day
 * (a dated marker under `.souk/unreachable`), so that working offline costs the wait once.
 */
export async function mustReach(origin: Origin, context: Context, today = new Date()): Promise<void> {
  const directory = privateDirectory(context.souk, 'unreachable');
  const marker = join(directory, `${origin.name}-${today.toISOString().slice(0, 10)}`);
  if (existsSync(marker))
    throw new Unavailable(`${origin.name} was out of reach today (delete ${marker} to ask again)`);
  const asked = await run(process.execPath, ['--use-env-proxy', '--no-warnings', '-e', ASK, origin.url], {
    env: context.env,
    timeoutMs: PROBE_MS,
    signal: context.signal,
  });
  if (context.signal?.aborted) throw new Unavailable('stopped');
  const answer = asked.stdout.trim() || 'silent';
  if (origin.counts(answer)) return;
  writeFileSync(marker, `${origin.url} answered: ${answer}\n`);
  throw new Unavailable(`${origin.name} is out of reach (${answer === 'silent' ? 'no answer' : `answered ${answer}`})`);
}
