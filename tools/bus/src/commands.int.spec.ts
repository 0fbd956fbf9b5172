import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '@nestjs/common';
import { AppError, exampleOf, Product, productContracts, userContracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { NatsServer, startOnBus } from '@souk/rpc/testing';
import { UsageError } from '@souk/stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseArguments } from './arguments.ts';
import { Bus } from './bus.ts';
import { commands } from './commands/index.ts';

const MISSING = 'f'.repeat(24);
const id = 'a'.repeat(24);

@Controller()
class Products {
  @Handles(productContracts.get)
  async get({ id: wanted }: { id: string }) {
    if (wanted === MISSING) throw new AppError('PRODUCT_NOT_FOUND');
    return { ...Product.parse(exampleOf(Product, 'output')), id: wanted };
  }
}

@Controller()
class Users {
  @Handles(userContracts.login)
  async login(): Promise<never> {
    throw new AppError('INVALID_CREDENTIALS');
  }
}

let server: NatsServer;
const running: AsyncDisposable[] = [];
const files = mkdtempSync(join(tmpdir(), 'bus-'));
beforeAll(async () => {
  server = await NatsServer.start();
  running.push(
    await startOnBus('product', server.url, [Products]),
    await startOnBus('product', server.url, [Products]),
  );
  running.push(await startOnBus('user', server.url, [Users]));
});
afterAll(async () => {
  for (const one of running) await one[Symbol.asyncDispose]();
  await server.stop();
  rmSync(files, { recursive: true });
});

function missing(): never {
  throw new Error('not printed yet');
}

/** Runs a command until it ends, or until `enough` says so of what it has printed. */
async function bus(args: string[], enough?: (printed: string[]) => Promise<boolean> | boolean) {
  const options = parseArguments([...args, '--nats', server.url]);
  if (options.command === 'contracts') throw new Error('needs no bus');
  const stop = new AbortController();
  const printed: string[] = [];
  const said: string[] = [];
  await using open = await Bus.open(options.nats, {});
  const terms = {
    bus: open,
    options,
    print: (text: string) => printed.push(text),
    say: (text: string) => said.push(text),
  };
  const ended = commands[options.command]({ ...terms, signal: stop.signal });
  if (enough) await vi.waitFor(async () => void ((await enough(printed)) || missing()), { timeout: 10_000 });
  stop.abort();
  return { status: await ended, printed: printed.join('\n'), said: said.join('\n') };
}

const call = (subject: string, input: object) => bus(['call', subject, JSON.stringify(input)]);

describe('bus', () => {
  it('lists every replica, and says which service does not answer', async () => {
    const { printed, status } = await bus(['ls', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(printed)).toMatchObject([{ service: 'product' }, { service: 'product' }, { service: 'user' }]);
    const pinged = await bus(['ping']);
    expect(pinged.printed.split('\n')).toHaveLength(4);
    expect(pinged.said).toBe('order does not answer: no replica is on the bus');
    expect(pinged.status).toBe(1);
    expect(await bus(['ping', 'order'])).toMatchObject({ said: pinged.said, status: 1, printed: '' });
    expect(await bus(['stats', 'order'])).toMatchObject({ said: expect.stringContaining('Nobody answers'), status: 1 });
  });

  it('makes a call and shows its reply, and tells a refusal by its code', async () => {
    const { status, printed, said } = await call('product.get', { id });
    expect(status).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ id });
    expect(said).toMatch(/^ok in [\d.]+ ms · request [\w-]{36}$/);
    const refused = await call('product.get', { id: MISSING });
    expect(refused.status).toBe(1);
    expect(refused.said).toMatch(/PRODUCT_NOT_FOUND in .*\n404: No such product\./s);
  });

  it('sends nothing that the contract would refuse, and says why and what would do', async () => {
    await expect(call('product.get', { id: 'x', more: 1 })).rejects.toThrow(UsageError);
    await expect(call('product.get', { id: 'x', more: 1 })).rejects.toThrow(
      /id: Not an id: .*\nmore: Unknown field\.\n\nThis would do:\n {2}\{"id":"[0-9a-f]{24}"\}/s,
    );
    await expect(bus(['call', 'product.get', '{id:1}'])).rejects.toThrow(/not JSON/);
  });

  it('says that nobody handles a call', async () => {
    const { status, said } = await bus(['call', 'order.list', JSON.stringify({ userId: id })]);
    expect(status).toBe(1);
    expect(said).toMatch(/NOBODY_THERE .*\nNobody handles order\.list: no replica of order is on the bus\./s);
  });

  it('counts calls, errors and latencies for each replica', async () => {
    for (let turn = 0; turn < 8; turn++) await call('product.get', { id: turn % 2 ? MISSING : id });
    const { printed } = await bus(['stats', 'product', '--json']);
    const rows: { calls: number; errors: number; p99: number | null }[] = JSON.parse(printed);
    expect(rows).toHaveLength(2);
    const sum = (of: 'calls' | 'errors') => rows.reduce((total, row) => total + row[of], 0);
    expect(sum('calls')).toBeGreaterThanOrEqual(8);
    expect(sum('errors')).toBeGreaterThanOrEqual(4);
  });

  it('shows only what happens while it is watched', async () => {
    const { printed } = await bus(['stats', 'product', '--watch'], async (lines) => {
      await call('product.get', { id });
      return lines.some((line) => /get +[1-9]\d* +0 +[\d.]+ ms/.test(line));
    });
    expect(printed).toContain('calls/s');
  });

  it('taps calls as they are answered: only the failed ones where that is wanted, and no secret', async () => {
    const login = { email: 'jane@shop.test', password: 'hunter2' };
    const { printed } = await bus(['tap', '--errors'], async (lines) => {
      await call('product.get', { id });
      await call('user.login', login);
      return lines.length > 0;
    });
    expect(printed).toMatch(/user\.login +by hand → \w+ +[\d.]+ ms +INVALID_CREDENTIALS/);
    expect(printed).not.toMatch(/product\.get|jane|hunter2/);
  });

  it('shows a request as a tree', async () => {
    const { printed } = await bus(['trace'], async (lines) => {
      await call('product.get', { id });
      return lines.length > 0;
    });
    expect(printed).toMatch(/^request [\w-]{36}\n└─ by hand → product\.get {2}[\d.]+ ms {2}ok {2}\(\w{6}\)$/m);
  });

  it('keeps what it tapped and makes the idempotent calls again, not those whose secrets it did not keep', async () => {
    const file = join(files, 'calls.ndjson');
    await bus(['tap', '--record', file], async (lines) => {
      await call('product.get', { id: MISSING });
      await call('user.login', { email: 'jane@shop.test', password: 'hunter2' });
      return lines.length >= 2;
    });
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
    const { printed, said, status } = await bus(['replay', file]);
    expect(printed).toMatch(/product\.get +PRODUCT_NOT_FOUND +PRODUCT_NOT_FOUND +[\d.]+ ms/);
    expect(printed).toMatch(/user\.login +INVALID_CREDENTIALS +not idempotent: --force/);
    expect(said).toMatch(/0 ended otherwise/);
    expect(status).toBe(0);
    expect((await bus(['replay', file, '--force'])).printed).toMatch(/its secrets were not recorded/);
  });

  it('drains the replica that is named, and no other', async () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      void running.shift()?.[Symbol.asyncDispose]();
      return true;
    });
    const before: { service: string; replica: string }[] = JSON.parse((await bus(['ls', '--json'])).printed);
    const [first] = before;
    const { status, printed } = await bus(['drain', first?.replica.slice(-6) ?? '']);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM');
    kill.mockRestore();
    expect(status).toBe(0);
    expect(printed).toBe(`product ${first?.replica} has left the bus`);
    await expect(bus(['drain', 'nobody'])).rejects.toThrow(UsageError);
  });

  it('has programs log more, or less, and knows the levels', async () => {
    const levels: unknown[] = [];
    const listener = (level: unknown) => levels.push(level);
    subscribe('souk:logLevel', listener);
    expect((await bus(['log', 'debug', 'user'])).said).toBe('user logs from debug on');
    await vi.waitFor(() => expect(levels).toEqual(['debug']));
    unsubscribe('souk:logLevel', listener);
    await expect(bus(['log', 'loud'])).rejects.toThrow(UsageError);
  });

  it('says how to get a bus where there is none', async () => {
    await expect(Bus.open(undefined, { SOUK_STATE: join(files, 'absent.json') })).rejects.toThrow(/npm run up/);
  });
});
