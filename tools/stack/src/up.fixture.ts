import { constants } from 'node:os';
import { parseArguments } from './arguments.ts';
import { up } from './up.ts';

// `up` in a process of its own, as `main.ts` runs it, but with a stand-in for the apps:
// node up.fixture.ts <souk directory> <entry point> <arguments of up…>
const [souk = '', entry = '', ...args] = process.argv.slice(2);
const stop = new AbortController();
const say = (line: string) => console.error(`souk: ${line}`);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
process.exitCode = await up(parseArguments(['--no-seed', ...args]), {
  context: { env: process.env, souk, say, signal: stop.signal },
  print: console.log,
  build: async () => undefined,
  entryPoint: () => entry,
}).catch((error: unknown) => {
  say(String(error));
  return stop.signal.aborted ? 128 + constants.signals.SIGTERM : 1;
});
process.exit();
