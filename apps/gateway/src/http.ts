import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { TieredCache } from '@souk/cache';
import { HealthService } from '@souk/platform';
import { answerClientError } from './client-error.ts';
import { addDocs } from './docs.page.ts';
import { addEarlyAnswers } from './early-answers.ts';
import type { GatewayEnv } from './env.ts';
import { addGeneralLimit } from './general-limit.hook.ts';
import { healthPath } from './health-path.ts';
import { hitPath } from './hit-path.ts';
import { addAdmission, GATE } from './http.admission.ts';
import { addImportStreams, addJsonParser } from './json-body.ts';
import { addOtherMethods } from './other-methods.ts';
import { RateLimiter } from './rate-limiter.ts';
import { addCommonHeaders, addRequestContext, requestIdOf } from './request.hooks.ts';
import { addRequestEnd, addRequestStart } from './request-end.ts';
import { addRequestedEndpoint } from './requested-endpoint.ts';
import { addValidatedInput } from './validated-input.ts';

const BODY_LIMIT = 64 * 1024;

export const httpOptions = ({ TRUST_PROXY }: Pick<GatewayEnv, 'TRUST_PROXY'>): FastifyServerOptions => ({
  bodyLimit: BODY_LIMIT,
  trustProxy: TRUST_PROXY,
  genReqId: requestIdOf,
  clientErrorHandler: answerClientError,
  // While it drains, what arrives on an open connection is still answered (HttpDrain).
  return503OnClosing: false,
  // An import may take a minute. Headers have ten seconds; bodies behind Nginx, too (nginx/http/limits.conf).
  requestTimeout: 65_000,
  // Nginx keeps its connections for a minute; the side that closes first must be the one that reuses them.
  keepAliveTimeout: 75_000,
  routerOptions: { maxParamLength: 200 },
});

/** What happens to a request before Nest sees it. */
export async function configureHttp(app: NestFastifyApplication, { CORS_ORIGINS }: Pick<GatewayEnv, 'CORS_ORIGINS'>) {
  const fastify = app.getHttpAdapter().getInstance();
  const hasCors = CORS_ORIGINS.length > 0;
  const looks = [healthPath(app.get(HealthService)), hitPath(app.get(TieredCache))];
  addEarlyAnswers(app.getHttpServer(), looks, hasCors);
  addJsonParser(fastify);
  addImportStreams(fastify);
  addRequestStart(fastify);
  addRequestedEndpoint(fastify);
  addValidatedInput(fastify);
  addCommonHeaders(fastify);
  if (hasCors) app.enableCors({ origin: CORS_ORIGINS, exposedHeaders: ['ETag', 'X-Request-Id'] });
  addRequestEnd(fastify);
  // What there is no room for costs least; what is above its client's limit takes no room.
  addAdmission(fastify, app.get(GATE));
  addGeneralLimit(fastify, app.get(RateLimiter));
  addRequestContext(fastify);
  addOtherMethods(fastify);
  await addDocs(fastify);
}
