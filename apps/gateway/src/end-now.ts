import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ByteString } from './encoded-once.ts';
import { announceEnd } from './request-end.ts';

/**
 * Answers from within a hook, with the headers the reply has by now and `own`, and the length of the body, past what Fastify
 * does to send a reply: a fifth of a hit or a refusal. No `onSend` hook is called.
 */
export function endNow(reply: FastifyReply, status: number, own: OutgoingHttpHeaders, body?: ByteString): void {
  reply.hijack();
  const soFar = reply.getHeaders() as OutgoingHttpHeaders;
  const ofBody = body === undefined ? {} : { 'content-length': body.length };
  reply.raw.writeHead(status, Object.assign(soFar, own, ofBody)).end(body, 'latin1');
  // A refusal must not cost a line of log while there is too much of everything.
  announceEnd(reply.request, status, true);
}

/** Whether a request is one of those that may be answered before anything else is looked at. */
export function isPlainGet({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
