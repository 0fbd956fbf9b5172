import { headers, type NatsConnection, NoRespondersError, RequestError, TimeoutError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Outgoing } from './outgoing.ts';
import { Requests } from './requests.ts';
import { NatsServer } from './testing/index.ts';

let server: NatsServer;
let [asking, answering]: NatsConnection[] = [];
let requests: Requests;

beforeAll(async () => {
  server = await NatsServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  asking = await connect({ servers: server.url });
  answering = await connect({ servers: server.url });
  requests = new Requests(asking, new Outgoing(), '_INBOX_spec');
});
afterEach(() => Promise.all([asking?.close(), answering?.close()]));

const ask = (subject: string, payload = '', timeoutMs = 2_000) =>
  requests.ask({ service: 'spec', subject, payload, timeoutMs, headers: headers() });

/** Answers what arrives at a subject by `reply`, or not at all. */
async function handle(subject: string, reply?: (text: string, again: (text: string) => void) => void): Promise<void> {
  answering?.subscribe(subject, {
    callback: (_, message) => reply?.(message.string(), (text) => void message.respond(text)),
  });
  await answering?.flush();
}

it('gives each of many the answer to its own question, in whatever order they come', async () => {
  const held: (() => void)[] = [];
  await handle('echo', (text, respond) => {
    held.push(() => respond(`re ${text}`));
    if (held.length === 50) for (const answer of held.toReversed()) answer();
  });
  const questions = Array.from({ length: 50 }, (_, index) => `question ${index}`);
  const replies = await Promise.all(questions.map((question) => ask('echo', question)));
  expect(replies.map((reply) => reply.string())).toEqual(questions.map((question) => `re ${question}`));
});

it('takes the first of two answers, and none that comes late', async () => {
  await handle('twice', (_, respond) => {
    respond('first');
    respond('second');
  });
  expect((await ask('twice')).string()).toBe('first');
  expect((await ask('twice')).string()).toBe('first');
});

it('says at once where nobody listens', async () => {
  await expect(ask('nobody')).rejects.toBeInstanceOf(NoRespondersError);
});

it('gives up when its time is over', async () => {
  await handle('silent');
  await expect(ask('silent', '', 50)).rejects.toBeInstanceOf(TimeoutError);
});

it('gives up what is under way when the connection is closed, and asks nothing any more', async () => {
  await handle('silent');
  const asked = ask('silent');
  await Promise.all([expect(asked).rejects.toBeInstanceOf(RequestError), asking?.close()]);
  await expect(ask('silent')).rejects.toThrow('closed');
});
