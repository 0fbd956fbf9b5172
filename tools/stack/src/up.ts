import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EntryPoint } from './app-plans.ts';
import type { Options } from './arguments.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { checkTypes } from './check-types.ts';
import { privateDirectory, root } from './paths.ts';
import { privateStack, sweepPrivateStacks } from './private-stacks.ts';
import { claim } from './run-state.ts';
import { Stack } from './stack.ts';
import { commandEnvironment, forPeople, forPrograms } from './summary.ts';

/** What `up` is handed by its entry point; the last three are seams for specs. */
export type Surroundings = {
  context: Context & { signal: AbortSignal };
  print: (text: string) => void;
  build: () => Promise<void>;
  entryPoint: EntryPoint;
};

/** `isPrivate`: the data goes when the stack goes. */
type Layout = { data: string; logs: string; stateFile: string; isPrivate: boolean };

/** Starts a stack, serves until the signal or the end of the command, stops all of it; answers the exit status. */
export async function up(options: Options, surroundings: Surroundings): Promise<number> {
  const { context, build, entryPoint } = surroundings;
  privateDirectory(context.souk);
  await sweepPrivateStacks(context.souk, context.say);
  const layout = layoutOf(options, context);
  const release = await claim(privateDirectory(layout.data), context.say);
  const anyPort = options.exec !== undefined;
  const stack = new Stack({ options, context, ...layout, anyPort, build, entryPoint });
  try {
    return await serve(stack, options, surroundings);
  } finally {
    context.say('stopping');
    await stack.stop();
    rmSync(layout.stateFile, { force: true });
    if (layout.isPrivate) rmSync(layout.data, { recursive: true, force: true });
    release();
  }
}

async function serve(stack: Stack, options: Options, { context, print }: Surroundings): Promise<number> {
  const summary = await stack.start();
  if (options.json) print(forPrograms(summary));
  if (options.exec !== undefined) {
    context.say(`running: ${options.exec}`);
    const env = commandEnvironment(summary, context.env);
    return runCommand(options.exec, { env, signal: context.signal, onStart: (pid) => stack.noteCommand(pid) });
  }
  if (!options.json) print(forPeople(summary));
  if (options.watch) await develop(stack, context);
  await aborted(context.signal);
  return 0;
}

/** Compiles and restarts what is changed. Loaded only where it is asked for: the compiler takes 100 MB. */
async function develop(stack: Stack, { say, signal }: Surroundings['context']): Promise<void> {
  const { DevLoop } = await import('./dev-loop.ts');
  new DevLoop(root, (app) => stack.restart(app), say).watch(signal);
  checkTypes(say, signal);
  say('watching apps and libs');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function layoutOf({ exec, data }: Options, { souk, env }: Context): Layout {
  const isPrivate = exec !== undefined && data === undefined;
  const place = isPrivate ? privateStack(souk) : resolve(data ?? join(souk, 'data'));
  const shared = env['SOUK_STATE'] ?? join(souk, 'stack.json');
  return {
    data: place,
    logs: !isPrivate && data === undefined ? join(souk, 'logs') : join(place, 'logs'),
    stateFile: exec === undefined ? shared : join(place, 'stack.json'),
    isPrivate,
  };
}
