import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { AppError, type ErrorCode, toProblem } from '@souk/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Turns every failure into an RFC 9457 problem document. What is not known is masked and logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (isHealthReport(exception)) return void reply.status(exception.getStatus()).send(exception.getResponse());
    const error = toAppError(exception);
    if (error.code === 'INTERNAL') this.logger.error('unexpected failure', error.cause ?? error);
    sendProblem(error, http.getRequest<FastifyRequest>(), reply);
  }
}

/** Ends the request with the problem document of `error`. */
export function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error, request.id);
  if (problem.retryAfter !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfter));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  reply.status(problem.status).header('cache-control', 'no-store').type('application/problem+json').send(problem);
}

/** What the framework refuses, by the status it would give it. */
const codeOfStatus: Partial<Record<number, ErrorCode>> = {
  400: 'MALFORMED_REQUEST',
  404: 'ROUTE_NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'SERVICE_UNAVAILABLE',
};

export function toAppError(exception: unknown): AppError {
  if (exception instanceof AppError) return exception;
  return new AppError(codeOfStatus[statusOf(exception)] ?? 'INTERNAL', { cause: exception });
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = exception instanceof Error ? (exception as Error & { statusCode?: unknown }) : {};
  return typeof statusCode === 'number' ? statusCode : 500;
}

// A failed health check is terminus' own report, which probes and people read.
const isHealthReport = (exception: unknown): exception is HttpException =>
  exception instanceof HttpException && exception.getStatus() === 503 && hasDetails(exception.getResponse());
const hasDetails = (response: unknown): boolean =>
  typeof response === 'object' && response !== null && 'details' in response;
