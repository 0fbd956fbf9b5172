import { AppError, IMPORT_TYPES } from '@souk/contracts';
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

/** Hands the bodies of imports on as they arrive; who reads them counts them. */
export function addImportStreams(fastify: FastifyInstance): void {
  fastify.addContentTypeParser([...IMPORT_TYPES], { bodyLimit: Number.MAX_SAFE_INTEGER }, (request, body, done) => {
    const isWanted = request.endpoint?.consumes !== undefined && isPlain(request);
    done(isWanted ? null : new AppError('UNSUPPORTED_MEDIA_TYPE'), body);
  });
}

function refuseOtherKinds(request: FastifyRequest): void {
  const isWanted = request.endpoint?.consumes === undefined && isPlain(request);
  if (!isWanted || !SPOKEN.test(request.headers['content-type'] ?? '')) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
}

const isPlain = ({ headers }: FastifyRequest): boolean => (headers['content-encoding'] ?? 'identity') === 'identity';
