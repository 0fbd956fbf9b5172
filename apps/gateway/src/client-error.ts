import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '@souk/contracts';
import { safeRequestId } from '@souk/platform';
import { commonHeaders } from './request.hooks.ts';

/** Answers what is not HTTP, or has too large headers, and closes: there is no request that Fastify could answer. */
export function answerClientError({ code }: Error & { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const isTooLarge = code === 'HPE_HEADER_OVERFLOW';
  const problem = toProblem(
    new AppError(isTooLarge ? 'PAYLOAD_TOO_LARGE' : 'MALFORMED_REQUEST'),
    safeRequestId(undefined),
  );
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    ...Object.entries(commonHeaders).map(([name, value]) => `${name}: ${value}`),
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${problem.requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
