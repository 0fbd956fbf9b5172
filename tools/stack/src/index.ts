export { type AppName, APPS, parseArguments } from './arguments.ts';
export { build, entryPoint } from './build.ts';
export type { Context } from './context.ts';
export { root, soukDirectory } from './paths.ts';
export { Stack, type StackSettings, type Summary } from './stack.ts';
