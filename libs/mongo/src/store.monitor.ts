import { channel } from 'node:diagnostics_channel';
import { areSpansRecorded, currentContext, endSpan, openSpan, type SpanFact } from '@souk/platform';
import type { Connection, mongo } from 'mongoose';

/** Published once for each command: `{ command, collection, outcome, seconds }`; outcome is `ok` or `failed`. */
const commandChannel = channel('souk:mongo:command');
/** Published four times a second: `{ size, inUse, waiting }` of this process's pool. */
const poolChannel = channel('souk:mongo:pool');
/** Published once for each connection that was wanted: `{ outcome, seconds }`; outcome is `ok` or `failed`. */
const checkoutChannel = channel('souk:mongo:checkout');

const POOL_INTERVAL_MS = 250;

/** What the driver asks of a server by itself. */
const OWN_BUSINESS = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions', 'saslStart', 'saslContinue']);

/** Announces what the driver says of its commands and its pool. */
export function watchStore(connection: Connection): void {
  const client = connection.getClient();
  watchCommands(client);
  watchPool(client);
}

function watchCommands(client: mongo.MongoClient): void {
  // The driver's own durations are whole milliseconds.
  const running = new Map<number, { collection: string; start: number; span: SpanFact | undefined }>();
  client.on('commandStarted', ({ requestId, commandName, command }) => {
    if (OWN_BUSINESS.has(commandName)) return;
    const collection = collectionOf(commandName, command);
    const span = areSpansRecorded() ? spanOf(commandName, collection) : undefined;
    if (span) openSpan(span);
    running.set(requestId, { collection, start: performance.now(), span });
  });
  const ended = (outcome: 'ok' | 'failed') => (event: mongo.CommandSucceededEvent | mongo.CommandFailedEvent) => {
    const { requestId, commandName: command } = event;
    const begun = running.get(requestId);
    if (!begun || !running.delete(requestId)) return;
    const { collection, start, span } = begun;
    if (span) endSpan(Object.assign(span, { outcome }));
    const milliseconds = performance.now() - start;
    commandChannel.publish({ command, collection, outcome, seconds: milliseconds / 1_000 });
    currentContext()?.storeCalls?.push({ command: `${command} ${collection}`.trimEnd(), milliseconds, outcome });
  };
  client.on('commandSucceeded', ended('ok'));
  client.on('commandFailed', ended('failed'));
}

const spanOf = (command: string, collection: string): SpanFact => ({
  name: `${command} ${collection}`.trimEnd(),
  kind: 'client',
  attributes: { 'db.system.name': 'mongodb', 'db.operation.name': command, 'db.collection.name': collection },
});

// Most commands name their collection as their own value; `getMore` names it apart, a commit has none.
function collectionOf(commandName: string, command: mongo.Document): string {
  const named: unknown = commandName === 'getMore' ? command['collection'] : command[commandName];
  return typeof named === 'string' ? named : '';
}

/** Counts here; tells now and then. To tell of each connection taken and given back costs more than the command's own figures. */
function watchPool(client: mongo.MongoClient): void {
  const pool = { size: 0, inUse: 0, waiting: 0 };
  client.on('connectionCreated', () => (pool.size += 1));
  client.on('connectionClosed', () => (pool.size -= 1));
  client.on('connectionCheckOutStarted', () => (pool.waiting += 1));
  client.on('connectionCheckedIn', () => (pool.inUse -= 1));
  client.on('connectionCheckedOut', ({ durationMS }) => {
    pool.waiting -= 1;
    pool.inUse += 1;
    checkoutChannel.publish({ outcome: 'ok', seconds: durationMS / 1_000 });
  });
  client.on('connectionCheckOutFailed', ({ durationMS }) => {
    pool.waiting -= 1;
    checkoutChannel.publish({ outcome: 'failed', seconds: durationMS / 1_000 });
  });
  const timer = setInterval(() => poolChannel.publish({ ...pool }), POOL_INTERVAL_MS).unref();
  client.once('close', () => clearInterval(timer));
}
