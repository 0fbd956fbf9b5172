import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppName,
  build,
  type Context,
  entryPoint,
  parseArguments,
  soukDirectory,
  Stack,
  type Summary,
} from '@souk/stack';
import { z } from 'zod';
import { soon } from './soon.ts';

interface ShopOptions {
  /** For the apps, and which backing services are there already. */
  env?: Record<string, string>;
  /** The file Node runs for an app; by default the compiled one. */
  entryPoint?: (app: AppName) => string;
  replicas?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

const Session = z.object({ accessToken: z.string() });
const Product = z.object({ id: z.string(), stock: z.number() });

const { NATS_URL: _nats, REDIS_URL: _redis, MONGODB_URL: _mongo, ...inherited } = process.env;

/** What `build` and the like are told. */
export const context: Context & { signal: AbortSignal } = {
  env: { ...inherited, RATE_LIMIT_FACTOR: '1000' },
  souk: soukDirectory,
  say: (line: string) => console.error(line),
  signal: new AbortController().signal,
};

/** A shop of its own on this machine that is called from outside. */
export class Shop implements AsyncDisposable {
  readonly stack: Stack;
  readonly summary: Summary;
  readonly #directory: string;

  private constructor(stack: Stack, summary: Summary, directory: string) {
    this.stack = stack;
    this.summary = summary;
    this.#directory = directory;
  }

  static async start({ env = {}, replicas, ...options }: ShopOptions = {}): Promise<Shop> {
    const directory = mkdtempSync(join(tmpdir(), 'souk-shop-'));
    const stack = new Stack({
      options: parseArguments(replicas === undefined ? ['--no-seed'] : ['--no-seed', '--replicas', replicas]),
      context: { ...context, env: { ...context.env, ...env } },
      data: directory,
      logs: join(directory, 'logs'),
      stateFile: join(directory, 'stack.json'),
      anyPort: true,
      build: () => build(context),
      entryPoint: options.entryPoint ?? entryPoint,
    });
    return new Shop(stack, await stack.start(), directory);
  }

  async call(path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(this.summary.baseUrl + path, {
      ...init,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /** The header of a new customer. */
  async customer(): Promise<{ authorization: string }> {
    const account = { email: `${randomUUID()}@test.com`, password: 'pass123', name: 'Test User' };
    return bearer(await this.call('/api/auth/register', account));
  }

  /** A new product, made by the admin. */
  async product(stock: number): Promise<string> {
    const { adminEmail: email, adminPassword: password } = this.summary.credentials;
    const admin = bearer(await this.call('/api/auth/login', { email, password }));
    const widget = { name: `Widget ${randomUUID()}`, price: 29.99, category: 'Electronics', stock };
    return Product.parse(JSON.parse((await this.call('/api/products', widget, admin)).body)).id;
  }

  /** Waits until exactly so many of a product are left: figures are a second old at most. Throws when they never are. */
  async untilStock(id: string, expected: number): Promise<void> {
    const who = await this.customer();
    await soon(async () => {
      const { stock } = Product.parse(JSON.parse((await this.call(`/api/products/${id}`, undefined, who)).body));
      if (stock !== expected) throw new Error(`${stock} of ${id} are left, not ${expected}`);
      return true;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.stop();
    rmSync(this.#directory, { recursive: true });
  }
}

function bearer({ status, body }: Answer): { authorization: string } {
  if (status >= 400) throw new Error(`there is no session: ${status} ${body}`);
  return { authorization: `Bearer ${Session.parse(JSON.parse(body)).accessToken}` };
}
