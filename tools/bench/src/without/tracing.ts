// Loaded before a gateway (`node --import`): the same build without the channel that spans are announced on.
import channels from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';

const silent = { publish: () => undefined };
const nothing = {
  hasSubscribers: false,
  start: silent,
  end: silent,
  asyncStart: silent,
  asyncEnd: silent,
  error: silent,
};
Object.assign(channels, { tracingChannel: () => nothing });
syncBuiltinESMExports();
