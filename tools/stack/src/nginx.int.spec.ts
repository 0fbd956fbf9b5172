import { errorTable, Problem } from '@souk/contracts';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nginxBinary, prepareNginx } from './nginx.ts';

const HOST = '127.0.0.1';
const PAGE = {
  'content-type': 'application/json',
  'cache-control': 'max-age=1, stale-while-revalidate=1',
  etag: '"v1"',
};
const PRODUCT = '/api/products/0123456789abcdef01234567';

/** A gateway that answers by script and remembers what it was asked. */
class Upstream implements AsyncDisposable {
  readonly asked: { line: string; headers: IncomingHttpHeaders }[] = [];
  readonly sockets = new Set<Socket>();
  answer: RequestListener;
  readonly #server = createServer((request, response) => {
    this.asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    this.answer(request, response);
  });

  private constructor(answer: RequestListener) {
    this.answer = answer;
    this.#server.on('connection', (socket) => this.sockets.add(socket));
  }

  static async start(answer: RequestListener): Promise<Upstream> {
    const upstream = new Upstream(answer);
    await once(upstream.#server.listen(0, HOST), 'listening');
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** Counts its answers in the body, so that a replayed page can be told from a fresh one. */
function counting(headers: Record<string, string> = PAGE): RequestListener {
  let count = 0;
  return (_, response) => void response.writeHead(200, headers).end(JSON.stringify({ answer: ++count }));
}

const echo: RequestListener = (request, response) =>
  void response.writeHead(200, { 'x-request-id': 'upstream-id' }).end(request.headers['x-request-id']);

const sized =
  (body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { ...PAGE, 'content-length': body.length }).end(body);

const breaking: RequestListener = (request) => void request.socket.destroy();

/** Where nobody listens, and nobody will: a port that was free a moment ago may be another test's by now. */
const refusing = { port: 1 };

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  raw: Buffer;
}

interface Asking extends RequestOptions {
  body?: string;
}

class Edge implements AsyncDisposable {
  readonly port: number;
  readonly dir: string;
  readonly #stop: () => Promise<void>;

  private constructor(port: number, dir: string, stop: () => Promise<void>) {
    this.port = port;
    this.dir = dir;
    this.#stop = stop;
  }

  static async before(...upstreams: readonly { port: number }[]): Promise<Edge> {
    const [dir, port] = [await mkdtemp(join(tmpdir(), 'souk nginx ')), await freePort()];
    const gateways = upstreams.map(({ port }) => ({ host: HOST, port }));
    const { command, args } = await prepareNginx({ dir, port, host: HOST, gateways });
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [exited, said] = [once(child, 'exit'), text(child.stderr)];
    await until(() => child.exitCode !== null || accepts(port));
    if (child.exitCode !== null) throw new Error(await said);
    return new Edge(port, dir, async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(dir, { recursive: true });
    });
  }

  async ask(path: string, { body, ...options }: Asking = {}): Promise<Answer> {
    const sent = request({ host: HOST, port: this.port, path, agent: false, ...options });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const raw = await buffer(response);
    return { status: Number(response.statusCode), headers: response.headers, body: raw.toString(), raw };
  }

  /** Sends what no well-behaved client would; resolves with all that comes back. */
  async send(bytes: string): Promise<string> {
    const socket = connect(this.port, HOST);
    socket.write(bytes);
    return text(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

async function freePort(): Promise<number> {
  await using upstream = await Upstream.start(() => undefined);
  return upstream.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

async function until(condition: () => boolean | Promise<boolean>, within = 5_000): Promise<void> {
  const deadline = performance.now() + within;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not so within ${within} ms: ${condition}`);
    await after(10);
  }
}

/** No caller waits longer, whatever fails: a call that is not answered by then is cut off, and the test fails. */
const patience = (): AbortSignal => AbortSignal.timeout(3_500);

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  return { value: await work, ms: performance.now() - start };
}

/** The answer is a problem document as the error table has it. */
function expectProblem({ status, headers, body }: Answer, code: keyof typeof errorTable): void {
  expect(headers['content-type']).toBe('application/problem+json');
  const problem = Problem.parse(JSON.parse(body));
  expect(problem).toMatchObject({ ...errorTable[code], code, type: `urn:souk:error:${code}` });
  expect(status).toBe(errorTable[code].status);
  expect(problem.requestId).toBe(headers['x-request-id']);
}

it('finds an nginx of at least 1.22', () => {
  expect(nginxBinary()).toBeDefined();
});

describe('the micro-cache', () => {
  it.each(['/api/products', '/api/products?limit=5', PRODUCT, '/api/categories'])(
    'answers a second GET %s',
    async (path) => {
      await using upstream = await Upstream.start(counting());
      await using edge = await Edge.before(upstream);
      const [first, second] = [await edge.ask(path), await edge.ask(path)];
      expect(first.headers['cache-status']).toBe('souk-edge; fwd=miss');
      expect(second.headers['cache-status']).toBe('souk-edge; hit');
      expect(second.body).toBe(first.body);
      expect(upstream.asked).toHaveLength(1);
    },
  );

  it('appends to the Cache-Status of the gateway', async () => {
    await using upstream = await Upstream.start(counting({ ...PAGE, 'cache-status': 'souk-gateway; hit' }));
    await using edge = await Edge.before(upstream);
    expect((await edge.ask('/api/products')).headers['cache-status']).toBe('souk-gateway; hit, souk-edge; fwd=miss');
  });

  it('asks once for many that miss at the same time', async () => {
    const page = counting();
    await using upstream = await Upstream.start((...call) => void after(50).then(() => page(...call)));
    await using edge = await Edge.before(upstream);
    const answers = await Promise.all(Array.from({ length: 20 }, () => edge.ask('/api/products')));
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{"answer":1}']));
    expect(upstream.asked).toHaveLength(1);
  });

  it('tells pages apart by their query', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    const answers = [await edge.ask('/api/products?limit=1'), await edge.ask('/api/products?limit=2')];
    expect(answers.map(({ body }) => body)).toEqual(['{"answer":1}', '{"answer":2}']);
  });

  it('asks the gateway for the path it keeps the page under, however it was spelled', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask('/api//%70roducts?q=a%20b');
    expect(upstream.asked[0]?.line).toBe('GET /api/products?q=a%20b');
  });

  it.each(['Bearer token', '0'])('neither answers nor keeps a request with Authorization %s', async (authorization) => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    const identified = { headers: { authorization } };
    await edge.ask(PRODUCT, identified);
    const anonymous = await edge.ask(PRODUCT);
    const again = await edge.ask(PRODUCT, identified);
    expect(anonymous.body).toBe('{"answer":2}');
    expect(again).toMatchObject({ body: '{"answer":3}', headers: { 'cache-status': 'souk-edge; fwd=bypass' } });
    expect(upstream.asked[2]?.headers.authorization).toBe(authorization);
  });

  it.each(['/api/orders', '/api/auth/profile', '/health', '/api/products/0123/reviews'])(
    'has no part in %s',
    async (path) => {
      await using upstream = await Upstream.start(counting());
      await using edge = await Edge.before(upstream);
      const answers = [await edge.ask(path), await edge.ask(path)];
      expect(answers.map(({ body }) => body)).toEqual(['{"answer":1}', '{"answer":2}']);
      expect(answers[1]?.headers['cache-status']).toBeUndefined();
    },
  );

  it.each<Record<string, string>>([{ 'set-cookie': 'a=b' }, { 'cache-control': 'no-store' }])(
    'does not keep an answer with %o',
    async (headers) => {
      await using upstream = await Upstream.start(counting({ ...PAGE, ...headers }));
      await using edge = await Edge.before(upstream);
      await edge.ask(PRODUCT);
      expect((await edge.ask(PRODUCT)).body).toBe('{"answer":2}');
    },
  );

  it('does not keep an error, whose body names the request of its first caller', async () => {
    await using upstream = await Upstream.start((_, response) => void response.writeHead(404, PAGE).end('{}'));
    await using edge = await Edge.before(upstream);
    await edge.ask(PRODUCT);
    await edge.ask(PRODUCT);
    expect(upstream.asked).toHaveLength(2);
  });

  it('passes a POST to a path it caches', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask('/api/products');
    expect((await edge.ask('/api/products', { method: 'POST', body: '{}' })).body).toBe('{"answer":2}');
  });

  it('answers HEAD and If-None-Match from the page of a GET', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask(PRODUCT);
    const head = await edge.ask(PRODUCT, { method: 'HEAD' });
    const unchanged = await edge.ask(PRODUCT, { headers: { 'if-none-match': '"v1"' } });
    const changed = await edge.ask(PRODUCT, { headers: { 'if-none-match': '"v0"' } });
    expect(head).toMatchObject({ status: 200, body: '', headers: { etag: '"v1"' } });
    expect(unchanged).toMatchObject({ status: 304, body: '', headers: { 'cache-status': 'souk-edge; hit' } });
    expect(changed.status).toBe(200);
    expect(upstream.asked).toHaveLength(1);
  });

  it('does not replay the request id of the first caller', async () => {
    await using upstream = await Upstream.start(counting({ ...PAGE, 'x-request-id': 'upstream-id' }));
    await using edge = await Edge.before(upstream);
    const [first, second] = [await edge.ask(PRODUCT), await edge.ask(PRODUCT)];
    expect(second.headers['cache-status']).toBe('souk-edge; hit');
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
    expect(second.headers['x-request-id']).not.toBe('upstream-id');
  });

  it('keeps nothing that says how much its caller may still ask, and hands it on', async () => {
    const own = { ratelimit: '"default";r=9;t=1', 'ratelimit-policy': '"default";q=10;w=1' };
    await using upstream = await Upstream.start(counting({ ...PAGE, ...own }));
    await using edge = await Edge.before(upstream);
    for (const body of ['{"answer":1}', '{"answer":2}']) {
      expect(await edge.ask(PRODUCT)).toMatchObject({ body, headers: own });
    }
  });
});

describe('the age of a page', () => {
  it('is bounded: a change shows within 2.2 s under steady reading', async () => {
    let version = 1;
    await using upstream = await Upstream.start((_, response) => void response.writeHead(200, PAGE).end(`${version}`));
    await using edge = await Edge.before(upstream);
    await until(async () => (await edge.ask(PRODUCT)).headers['cache-status'] === 'souk-edge; hit');
    version = 2;
    const { ms } = await timed(until(async () => (await edge.ask(PRODUCT)).body === '2'));
    expect(ms).toBeLessThan(2_200);
  });

  it('lets others have the old page while one fetches anew, within the second the gateway allows', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask(PRODUCT);
    upstream.answer = () => undefined;
    const fetching = new AbortController();
    const hung: Promise<unknown>[] = [];
    const expired = (): boolean => upstream.asked.length > 1;
    await until(() => {
      hung.push(edge.ask(PRODUCT, { signal: fetching.signal }).catch(() => undefined));
      return after(50).then(expired);
    });
    expect((await edge.ask(PRODUCT)).headers['cache-status']).toBe('souk-edge; hit; detail=stale-while-revalidate');
    fetching.abort();
    await Promise.all(hung);
  });

  it('has no exception for a page nobody read for a while: nobody gets the old one, even while one fetches anew', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask(PRODUCT);
    await after(3_100); // 1 s fresh, 1 s stale-while-revalidate, counted in whole seconds: time itself is the condition
    const page = counting({ ...PAGE, age: '0' });
    upstream.answer = (...call) => void after(300).then(() => page(...call));
    const answers = await Promise.all(Array.from({ length: 5 }, () => edge.ask(PRODUCT)));
    expect(answers.map(({ headers }) => headers.age)).toEqual(['0', '0', '0', '0', '0']);
  });

  it('is bounded while the gateway is down: then the answer is a 503, and quick', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask(PRODUCT);
    await upstream[Symbol.asyncDispose]();
    // Nginx reads stale-while-revalidate as stale-if-error too: 1 s + 1 s, counted in whole seconds.
    await until(async () => (await edge.ask(PRODUCT)).status !== 200, 3_200);
    const { value, ms } = await timed(edge.ask(PRODUCT));
    expectProblem(value, 'SERVICE_UNAVAILABLE');
    expect(ms).toBeLessThan(500);
  });
});

describe('the request id', () => {
  it.each(['abcd-EF12', 'a'.repeat(64)])('%s is kept, passed on and answered', async (id) => {
    await using upstream = await Upstream.start(echo);
    await using edge = await Edge.before(upstream);
    const answer = await edge.ask('/api/orders', { headers: { 'x-request-id': id } });
    expect(answer).toMatchObject({ body: id, headers: { 'x-request-id': id } });
  });

  it.each(['short', 'a'.repeat(65), 'new\tline-id', '"quoted-id"', undefined])('%s is replaced', async (id) => {
    await using upstream = await Upstream.start(echo);
    await using edge = await Edge.before(upstream);
    const answer = await edge.ask('/api/orders', { headers: id === undefined ? {} : { 'x-request-id': id } });
    expect(answer.body).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers['x-request-id']).toBe(answer.body);
  });
});

describe('what is refused at the edge', () => {
  it('a body over 64 KB', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    const body = 'x'.repeat(65_537);
    const chunked = { 'transfer-encoding': 'chunked' };
    expectProblem(await edge.ask('/api/orders', { method: 'POST', body }), 'PAYLOAD_TOO_LARGE');
    expectProblem(await edge.ask('/api/products', { method: 'POST', body, headers: chunked }), 'PAYLOAD_TOO_LARGE');
    expect(upstream.asked).toEqual([]);
    expect((await edge.ask('/api/orders', { method: 'POST', body: body.slice(1) })).status).toBe(200);
  });

  it('a URL or a header over 8 KB', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    expectProblem(await edge.ask(`/api/products?q=${'x'.repeat(9_000)}`), 'PAYLOAD_TOO_LARGE');
    expectProblem(await edge.ask('/health', { headers: { 'x-long': 'x'.repeat(9_000) } }), 'PAYLOAD_TOO_LARGE');
    expect(upstream.asked).toEqual([]);
  });

  it.each(['get / HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'])(
    '%j',
    async (bytes) => {
      await using upstream = await Upstream.start(counting());
      await using edge = await Edge.before(upstream);
      const answer = await edge.send(bytes);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(Problem.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''))).toMatchObject({ code: 'MALFORMED_REQUEST' });
    },
  );

  it.each(['/metrics', '/ops', '/ops/log-level', '//metrics', '/%6detrics', '/x/../metrics', '/.own/problem'])(
    '%s',
    async (path) => {
      await using upstream = await Upstream.start(counting());
      await using edge = await Edge.before(upstream);
      expectProblem(await edge.ask(path), 'ROUTE_NOT_FOUND');
      expect(upstream.asked).toEqual([]);
    },
  );
});

describe('before the gateway', () => {
  it('lets it say which methods a path has, though Nginx refuses TRACE itself', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask('/api/products', { method: 'TRACE' });
    expect(upstream.asked.map(({ line }) => line)).toEqual(['TRACE /api/products']);
  });

  it('is the edge: client-made forwarding headers are replaced, Host is passed', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    const claims = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil',
      forwarded: 'for=6.6.6.6',
    };
    await edge.ask('/api/orders', { headers: { ...claims, host: 'shop.test:8080' } });
    const headers = upstream.asked[0]?.headers;
    expect(headers).toMatchObject({
      host: 'shop.test:8080',
      'x-forwarded-for': HOST,
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'shop.test:8080',
    });
    expect(headers).not.toHaveProperty('forwarded');
  });

  it('reuses its connections', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    for (let i = 0; i < 20; i++) await edge.ask('/api/orders');
    expect(upstream.sockets.size).toBeLessThanOrEqual(2); // one a worker
  });

  it('compresses JSON of 1 KB and more, and only for those who ask', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(1_024) });
    await using upstream = await Upstream.start(sized(large));
    await using edge = await Edge.before(upstream);
    const gzip = { headers: { 'accept-encoding': 'gzip' } };
    const [plain, packed] = [await edge.ask(PRODUCT), await edge.ask(PRODUCT, gzip)];
    upstream.answer = sized('{}');
    expect(plain.body).toBe(large);
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(packed.raw).toString()).toBe(large);
    expect((await edge.ask('/api/orders', gzip)).headers).not.toHaveProperty('content-encoding');
    expect(upstream.asked).toHaveLength(2);
  });

  it('spreads requests over the replicas', async () => {
    await using first = await Upstream.start(counting());
    await using second = await Upstream.start(counting());
    await using edge = await Edge.before(first, second);
    for (let i = 0; i < 40; i++) await edge.ask('/api/orders');
    expect(Math.min(first.asked.length, second.asked.length)).toBeGreaterThanOrEqual(10);
  });

  it('writes no access log but for failures, as JSON', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(upstream);
    await edge.ask('/api/orders');
    const { headers } = await edge.ask('/metrics');
    const log = (): Promise<string> => readFile(join(edge.dir, 'access.log'), 'utf8');
    await until(async () => (await log()) !== '');
    expect(JSON.parse(await log())).toMatchObject({ uri: '/metrics', status: 404, requestId: headers['x-request-id'] });
  });
});

describe('when the gateway fails', () => {
  it.each(['GET', 'POST'])('%s gets a quick 503 while no replica listens', async (method) => {
    await using edge = await Edge.before(refusing, refusing);
    const { value, ms } = await timed(edge.ask('/api/orders', { method, body: '{}' }));
    expectProblem(value, 'SERVICE_UNAVAILABLE');
    expect(value.headers['retry-after']).toBe('1');
    expect(JSON.parse(value.body)).toHaveProperty('retryAfter', 1);
    expect(ms).toBeLessThan(500);
  });

  it('a replica that does not listen is passed over, for a POST too', async () => {
    await using upstream = await Upstream.start(counting());
    await using edge = await Edge.before(refusing, upstream);
    for (let i = 0; i < 6; i++)
      expect((await edge.ask('/api/orders', { method: 'POST', body: '{}' })).status).toBe(200);
  });

  it('a read that broke off is asked of another replica', async () => {
    await using broken = await Upstream.start(breaking);
    await using sound = await Upstream.start(counting());
    await using edge = await Edge.before(broken, sound);
    for (let i = 0; i < 4; i++) expect((await edge.ask('/api/orders')).status).toBe(200);
    expect(broken.asked.length).toBeGreaterThan(0);
  });

  it('a read of the catalogue that broke off after half a second is asked of another replica too', async () => {
    await using broken = await Upstream.start((request) => void setTimeout(() => request.socket.destroy(), 500));
    await using sound = await Upstream.start(counting());
    await using edge = await Edge.before(broken, sound);
    for (const path of ['/api/products', '/api/categories', '/api/products?page=2'])
      expect((await edge.ask(path)).status).toBe(200);
    expect(broken.asked.length).toBeGreaterThan(0);
  });

  it('a POST that was sent is not sent again: its outcome is unknown', async () => {
    await using first = await Upstream.start(breaking);
    await using second = await Upstream.start(breaking);
    await using edge = await Edge.before(first, second);
    const answer = await edge.ask('/api/orders', { method: 'POST', body: '{}' });
    expectProblem(answer, 'DEADLINE_EXCEEDED');
    expect(answer.headers['retry-after']).toBe('1');
    expect(first.asked.length + second.asked.length).toBe(1);
  });

  it('a POST with an Idempotency-Key that broke off is asked of another replica: it is safe to repeat', async () => {
    await using broken = await Upstream.start(breaking);
    await using sound = await Upstream.start(counting());
    await using edge = await Edge.before(broken, sound);
    const headers = { 'idempotency-key': 'k1' };
    for (let i = 0; i < 4; i++)
      expect((await edge.ask('/api/orders?x=1', { method: 'POST', body: '{}', headers })).status).toBe(200);
    expect(broken.asked.length).toBeGreaterThan(0);
    const [asked] = sound.asked;
    expect(asked?.line).toBe('POST /api/orders?x=1');
    expect(asked?.headers).toMatchObject({ 'idempotency-key': 'k1', 'content-length': '2' });
  });

  it('a POST that broke off is not repeated for a key that is empty, nor on another path', async () => {
    await using first = await Upstream.start(breaking);
    await using second = await Upstream.start(breaking);
    await using edge = await Edge.before(first, second);
    const post = { method: 'POST', body: '{}' };
    expectProblem(await edge.ask('/api/orders', { ...post, headers: { 'idempotency-key': '' } }), 'DEADLINE_EXCEEDED');
    expectProblem(
      await edge.ask('/api/auth/register', { ...post, headers: { 'idempotency-key': 'k1' } }),
      'DEADLINE_EXCEEDED',
    );
    expect(first.asked.length + second.asked.length).toBe(2);
  });

  it.each(['GET', 'POST'])('%s that is not answered is asked once, whoever else there is', async (method) => {
    await using first = await Upstream.start(() => undefined);
    await using second = await Upstream.start(() => undefined);
    await using edge = await Edge.before(first, second);
    const asking = { method, headers: { 'idempotency-key': 'k1' }, signal: patience() };
    expectProblem(await edge.ask('/api/orders', asking), 'DEADLINE_EXCEEDED');
    expect(first.asked.length + second.asked.length).toBe(1);
  });

  it("the gateway's own errors pass as they are, with its own Retry-After", async () => {
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '7' };
    await using upstream = await Upstream.start(
      (_, response) => void response.writeHead(503, headers).end('{"own":true}'),
    );
    await using edge = await Edge.before(upstream);
    const answer = await edge.ask('/api/orders');
    expect(answer).toMatchObject({ status: 503, body: '{"own":true}', headers: { 'retry-after': '7' } });
  });

  it('is asked again at once when all replicas have failed and are well', async () => {
    await using first = await Upstream.start(breaking);
    await using second = await Upstream.start(breaking);
    await using edge = await Edge.before(first, second);
    for (let i = 0; i < 4; i++) await edge.ask('/api/orders');
    for (const upstream of [first, second]) upstream.answer = counting();
    for (let i = 0; i < 10; i++) expect((await edge.ask('/api/orders')).status).toBe(200);
  });

  it('its return is noticed when the 2 s are over for which it is passed over', async () => {
    await using upstream = await Upstream.start(breaking);
    await using edge = await Edge.before(upstream, refusing);
    await Promise.all(Array.from({ length: 6 }, () => edge.ask('/api/orders', { method: 'POST', body: '{}' })));
    upstream.answer = counting();
    const { ms } = await timed(until(async () => (await edge.ask('/api/orders')).status === 200));
    expect(ms).toBeLessThan(3_500); // counted in whole seconds
  });
});

/** A gateway in a process of its own, to freeze and to kill; it answers after `delayMs`. */
class Gateway implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async start(delayMs = 0): Promise<Gateway> {
    const port = await freePort();
    const code = `require('node:http').createServer((request, response) =>
      request.resume().on('end', () => setTimeout(() => response.end('{}'), ${delayMs}))).listen(${port}, '${HOST}')`;
    const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
    await until(() => accepts(port));
    return new Gateway(port, child);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** Every way through the configuration: kept in the cache or not, with and without a body, repeatable or not. */
const CALLS: [string, Asking][] = [
  ['/api/products?limit=1', {}],
  ['/api/products?limit=1', {}],
  ['/api/orders', {}],
  ['/api/orders', { method: 'POST', body: '{}' }],
  ['/api/orders', { method: 'POST', body: '{}', headers: { 'idempotency-key': 'k1' } }],
  ['/api/orders', { method: 'POST', body: 'x'.repeat(65_536) }],
];

describe('when a gateway is frozen', () => {
  it('every caller is answered within 3.5 s, with two frozen too and over kept connections', async () => {
    await using first = await Gateway.start();
    await using second = await Gateway.start();
    await using edge = await Edge.before(first, second);
    await Promise.all(Array.from({ length: 20 }, () => edge.ask('/api/orders')));
    for (const gateway of [first, second]) gateway.signal('SIGSTOP');
    const answers = await Promise.all(CALLS.map(([path, asking]) => edge.ask(path, { ...asking, signal: patience() })));
    for (const answer of answers) expectProblem(answer, 'DEADLINE_EXCEEDED');
  });

  it('every caller is answered within 3.5 s where the frozen one takes no connection any more', async () => {
    await using full = await Full.start();
    await using frozen = await Gateway.start();
    await using edge = await Edge.before(full, frozen);
    frozen.signal('SIGSTOP');
    const calls = [...CALLS, ...CALLS].map(([path, asking]) => edge.ask(path, { ...asking, signal: patience() }));
    for (const { status } of await Promise.all(calls)) expect([503, 504]).toContain(status);
  });

  it('the other one answers nearly all: two calls that fail take it out', async () => {
    await using frozen = await Gateway.start();
    await using sound = await Gateway.start();
    await using edge = await Edge.before(frozen, sound);
    frozen.signal('SIGSTOP');
    const ask = () => edge.ask('/api/orders', { signal: patience() });
    const during = await Promise.all(Array.from({ length: 20 }, ask));
    expect(during.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    for (let i = 0; i < 10; i++) expect((await ask()).status).toBe(200);
  });
});

describe('when one of two gateways is killed', () => {
  it('no read and no repeatable order fails, those in flight included', async () => {
    await using killed = await Gateway.start(30);
    await using sound = await Gateway.start(30);
    await using edge = await Edge.before(killed, sound);
    const [read, , , , keyed] = CALLS.map(
      ([path, asking]) =>
        () =>
          edge.ask(path, { ...asking, signal: patience() }),
    );
    const both = () => [read, keyed].flatMap((call) => (call ? [call(), call()] : []));
    const answers = both();
    for (let i = 0; i < 40; i++) {
      if (i === 20) killed.signal('SIGKILL');
      answers.push(...both());
      await after(5);
    }
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('a POST that meets the closed door goes to the other', async () => {
    await using killed = await Gateway.start();
    await using sound = await Gateway.start();
    await using edge = await Edge.before(killed, sound);
    killed.signal('SIGKILL');
    await until(async () => !(await accepts(killed.port)));
    for (let i = 0; i < 10; i++)
      expect((await edge.ask('/api/orders', { method: 'POST', body: '{}' })).status).toBe(200);
  });
});

/** Listens, but takes no connection: the kernel's queue is full and nobody empties it. */
class Full implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #waiting: Socket[];

  private constructor(port: number, child: ChildProcess, waiting: Socket[]) {
    this.port = port;
    this.#child = child;
    this.#waiting = waiting;
  }

  static async start(): Promise<Full> {
    const port = await freePort();
    const code = `require('node:net').createServer().listen({ port: ${port}, host: '${HOST}', backlog: 1 })`;
    const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
    await until(() => accepts(port));
    child.kill('SIGSTOP');
    const waiting = Array.from({ length: 10 }, () => connect(port, HOST).on('error', () => undefined));
    await until(async () => !(await acceptsWithin(port, 200)));
    return new Full(port, child, waiting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#waiting) socket.destroy();
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

async function acceptsWithin(port: number, ms: number): Promise<boolean> {
  const socket = connect(port, HOST).on('error', () => undefined);
  return Promise.race([once(socket, 'connect').then(() => true), after(ms, false)]).finally(() => socket.destroy());
}
