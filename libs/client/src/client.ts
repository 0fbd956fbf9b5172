import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from './api.ts';
import { repeating } from './repeating.ts';

export interface SoukOptions {
  /** Where the shop is: `https://shop.example`. */
  baseUrl: string;
  /** The access token, asked for before each request; without one nobody is logged in. */
  accessToken?: () => string | undefined;
  /** Makes the requests; the platform's own by default. */
  fetch?: (request: Request) => Promise<Response>;
}

export type SoukClient = Client<paths>;

/**
 * The HTTP API, typed by its OpenAPI document: `client.GET('/api/products/{id}', { params: { path: { id } } })` answers `data` or
 * the problem document as `error`, and `response`. Rejects only where nobody answered. What may be asked twice is
 * (`repeating`), and each order has an idempotency key, so that it may be, too.
 */
export function createSoukClient({ baseUrl, accessToken, fetch = globalThis.fetch }: SoukOptions): SoukClient {
  const client = createClient<paths>({ baseUrl, fetch: repeating(fetch) });
  client.use(authorized(accessToken), keyed);
  return client;
}

const authorized = (accessToken: SoukOptions['accessToken']): Middleware => ({
  onRequest({ request }) {
    const token = accessToken?.();
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  },
});

const keyed: Middleware = {
  onRequest({ request, schemaPath }) {
    const isOrder = request.method === 'POST' && schemaPath === '/api/orders';
    if (isOrder && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID());
    }
  },
};
