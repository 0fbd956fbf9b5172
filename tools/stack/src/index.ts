export { type AppName, APPS, parseArguments } from './arguments.ts';
export type { BackingName } from './app-environment.ts';
export type { Route } from './app-plans.ts';
export { build, entryPoint } from './build.ts';
export type { Context } from './context.ts';
export { root, soukDirectory } from './paths.ts';
export { UnknownProcess, type Restarted } from './rolling-restart.ts';
export type { ProcessEntry } from './run-state.ts';
export { Stack, type StackSettings, type Summary } from './stack.ts';
