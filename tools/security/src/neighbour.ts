import { Agent, request } from 'undici';

/** One answer, as far as limits are concerned. */
export interface Answer {
  status: number;
  /** In seconds; NaN where there is none. */
  retryAfter: number;
  rateLimit: string;
  policies: string;
  body: string;
}

interface Call {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A client with an address of its own: on the loopback there are sixteen million (Linux). */
export class Neighbour {
  static #count = 0;
  readonly #agent: Agent;
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
    const count = Neighbour.#count++;
    this.#agent = new Agent({ localAddress: `127.0.${1 + Math.floor(count / 250)}.${1 + (count % 250)}` });
  }

  async call(method: 'GET' | 'POST', path: string, { token, body, headers }: Call = {}): Promise<Answer> {
    const response = await request(`${this.#base}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = (name: string) => String(response.headers[name] ?? '');
    return {
      status: response.statusCode,
      retryAfter: Number.parseFloat(said('retry-after')),
      rateLimit: said('ratelimit'),
      policies: said('ratelimit-policy'),
      body: await response.body.text(),
    };
  }

  login(email: string, password: string, headers?: Record<string, string>): Promise<Answer> {
    return this.call('POST', '/api/auth/login', { body: { email, password }, ...(headers && { headers }) });
  }

  register(email: string): Promise<Answer> {
    return this.call('POST', '/api/auth/register', { body: { email, password: 'pass123', name: 'Test User' } });
  }
}
