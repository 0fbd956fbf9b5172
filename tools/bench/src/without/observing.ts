// Loaded before a gateway (`node --import`): the same build, in which nobody counts or logs, and requests get no ids of their own.
import channels from 'node:diagnostics_channel';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

channels.subscribe = () => undefined;
channels.Channel.prototype.subscribe = () => undefined;
syncBuiltinESMExports();

const instead: Record<string, string> = {
  // Requests are told of directly, not on a channel.
  'answered-request': 'export const announceRequest = () => {}; export const onAnsweredRequest = () => {};',
  'request-id': `export const newRequestId = () => '${'0'.repeat(32)}';`,
};
registerHooks({
  load(url, context, next) {
    const module = /\/libs\/platform\/dist\/(.+)\.js$/.exec(url)?.[1] ?? '';
    const source = instead[module];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});
