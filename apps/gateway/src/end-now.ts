import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Answers from within a hook, with the headers the reply has by now and `own`, past what Fastify does to send a reply: a fifth
 * of a hit or a refusal. No `onSend` hook is called.
 */
export function endNow(
  reply: FastifyReply,
  status: number,
  own: OutgoingHttpHeaders,
  body?: string | Uint8Array,
): void {
  reply.hijack();
  const soFar = reply.getHeaders() as OutgoingHttpHeaders;
  reply.raw.writeHead(status, Object.assign(soFar, own)).end(body);
}
