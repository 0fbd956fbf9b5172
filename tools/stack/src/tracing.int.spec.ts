import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './paths.ts';

const Attributes = z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }));
const Span = z.object({
  spanId: z.string(),
  traceId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
});
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});
type Seen = z.infer<typeof Span> & { service: string };

/** An OTLP collector that keeps what it is sent. */
async function collector() {
  const spans: Seen[] = [];
  const server = createServer(async (request, response) => {
    for (const { resource, scopeSpans } of Export.parse(await json(request)).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      spans.push(...scopeSpans.flatMap((scope) => scope.spans).map((span) => Object.assign(span, { service })));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { spans, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

/** Places one order in a stack that sends its spans to `endpoint`. */
async function placeOneOrder(endpoint: string): Promise<string> {
  const command = `SHOP_URL=$BASE_URL node --conditions=@souk/source ${join(root, 'tools/stack/src/one-order.ts')}`;
  const up = [join(root, 'tools/stack/up.js'), '--no-seed', '--exec', command];
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const child = spawn(process.execPath, up, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (data) => (printed += data));
  expect(await once(child, 'close')).toEqual([0, null]);
  return printed.trim();
}

it('an order is one trace: gateway, order, product, and what each asked the store', { timeout: 120_000 }, async () => {
  await using otlp = await collector();
  expect(await placeOneOrder(otlp.url)).toBe('201');
  const root = otlp.spans.find(({ name }) => name === 'POST /api/orders');
  const tree = ({ spanId, service, name }: Seen): unknown => {
    const under = otlp.spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    return under.length > 0 ? { [`${service}: ${name}`]: under.map(tree) } : `${service}: ${name}`;
  };
  expect(root?.parentSpanId).toBeFalsy();
  expect(root && tree(root)).toEqual({
    'gateway: POST /api/orders': [
      {
        'gateway: call order.place': [
          {
            'order: order.place': expect.arrayContaining([
              {
                'order: call product.reserve': [
                  { 'product: product.reserve': expect.arrayContaining(['product: update products']) },
                ],
              },
              'order: insert orders',
            ]),
          },
        ],
      },
    ],
  });
});
