import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Environment = z.object({
  // Not BASE_URL: Vite puts its own value there.
  SHOP_URL: z.url(),
  GATEWAY_URL: z.url(),
  /** The gateway's private port. */
  OPS_URL: z.url(),
  NATS_URL: z.string(),
  ADMIN_EMAIL: z.string(),
  ADMIN_PASSWORD: z.string(),
  SOUK_STATE: z.string(),
});

/** The stack that `up --exec` started for this run. */
export const stack = Environment.parse(process.env);

export interface Answer {
  status: number;
  headers: Headers;
  // What the API answers is for the assertions to judge.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  text: string;
}

interface Request {
  token?: string | undefined;
  body?: unknown;
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  base?: string;
}

/** What may be in no answer: hashes, and fields that only the store knows. */
const SECRET = /\$argon2|\$2[aby]\$|"(passwordHash|password|hash|holds|attempt|fingerprint|validSince|__v|_id)":["[]/;

/** One HTTP call. Throws when the answer holds a secret. `body` is sent as JSON, `raw` as it is. */
export async function call(
  method: string,
  path: string,
  { token, body, raw, headers, base }: Request = {},
): Promise<Answer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${base ?? stack.SHOP_URL}${path}`, {
    method,
    headers: {
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(payload !== undefined && { body: payload }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  if (isJson && SECRET.test(text)) throw new Error(`${method} ${path} shows what is nobody's business: ${text}`);
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : undefined,
    text,
  };
}

export const get = (path: string, request?: Request) => call('GET', path, request);
export const post = (path: string, body: unknown, request?: Request) => call('POST', path, { ...request, body });

/** A new customer, logged in. */
export async function customer(): Promise<{ id: string; email: string; token: string }> {
  const email = `${randomUUID()}@test.com`;
  const { body } = accepted(await post('/api/auth/register', { email, password: 'pass123', name: 'Test User' }));
  return { id: body.user.id, email, token: body.accessToken };
}

export async function admin(): Promise<string> {
  const credentials = { email: stack.ADMIN_EMAIL, password: stack.ADMIN_PASSWORD };
  const { body } = accepted(await post('/api/auth/login', credentials));
  return body.accessToken;
}

/** A new product, made by an admin. */
export async function product(token: string, fields: object = {}): Promise<{ id: string; name: string }> {
  const widget = { name: `Widget ${randomUUID()}`, price: 29.99, category: 'Electronics', stock: 100, ...fields };
  const { body } = accepted(await post('/api/products', widget, { token }));
  return body;
}

/** What a test needs before it can begin; throws what was answered instead. */
function accepted(answer: Answer): Answer {
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
}

const State = z.object({
  processes: z.array(z.object({ name: z.string(), replica: z.number(), pid: z.number(), url: z.string() })),
});

/** The processes of the stack as they are now. */
export const processes = () => State.parse(JSON.parse(readFileSync(stack.SOUK_STATE, 'utf8'))).processes;

/** The pids of those with this name. */
export const pidsOf = (name: string): number[] =>
  processes()
    .filter((each) => each.name === name)
    .map(({ pid }) => pid);
