import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ByteString } from './encoded-once.ts';
import { announceEnd } from './request-end.ts';

/**
 * Answers from within a hook, with the headers the reply has by now and `own`, and the length of the body, past what Fastify
 * does to send a reply: a fifth of a refusal. No `onSend` hook is called.
 */
export function endNow(reply: FastifyReply, status: number, own: OutgoingHttpHeaders, body: ByteString): void {
  reply.hijack();
  const soFar = reply.getHeaders() as OutgoingHttpHeaders;
  reply.raw.writeHead(status, Object.assign(soFar, own, { 'content-length': body.length })).end(body, 'latin1');
  // A refusal must not cost a line of log while there is too much of everything.
  announceEnd(reply.request, status, true);
}
