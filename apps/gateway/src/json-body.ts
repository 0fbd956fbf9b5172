import { AppError } from '@souk/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseStrictJson } from './strict-json.ts';

/** JSON in UTF-8 is the only language spoken here, and it is not spoken compressed. */
const SPOKEN = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** Reads bodies as strict JSON; any other kind is 415. */
export function addJsonParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseOtherKinds(request);
      done(null, parseStrictJson(Buffer.from(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function refuseOtherKinds({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!SPOKEN.test(headers['content-type'] ?? '') || encoding !== 'identity') {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  }
}
