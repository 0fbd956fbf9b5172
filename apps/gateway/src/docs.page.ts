import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import { openApiDocument } from '@souk/contracts';
import type { FastifyInstance } from 'fastify';
import { pageHeaders } from './security-headers.ts';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Souk API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
    <link rel="icon" href="/docs/assets/favicon-32x32.png" />
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// A file of its own, because the content security policy allows no inline script.
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, tryItOutEnabled: true, persistAuthorization: true });
`;

/** The files of the page change with the version of the package alone. */
const forTheReader: Pick<FastifyStaticOptions, 'cacheControl' | 'setHeaders'> = {
  cacheControl: false,
  setHeaders: (reply) => void reply.header('cache-control', 'private, max-age=86400'),
};

/** The OpenAPI document, and a page to read it and try it on; all of it served from here. */
export async function addDocs(fastify: FastifyInstance): Promise<void> {
  const document = JSON.stringify(openApiDocument());
  fastify.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
  const headers = pageHeaders();
  fastify.get('/docs', (_request, reply) => reply.headers(headers).type('text/html; charset=utf-8').send(page));
  fastify.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start));
  await fastify.register(fastifyStatic, { root: swaggerUi, prefix: '/docs/assets/', index: false, ...forTheReader });
}
