import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger, NestLogger } from './logger.ts';
import { runInContext } from './request-context.ts';

function captured() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, logger: createLogger('app', 'trace', stream) };
}

describe('the logger', () => {
  it('writes JSON lines that name the app and the request', () => {
    const { lines, logger } = captured();
    runInContext({ requestId: 'request-1' }, () => logger.info('hello'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'app', requestId: 'request-1', msg: 'hello' });
  });

  it('does not write passwords, tokens or e-mails', () => {
    const { lines, logger } = captured();
    const body = { password: 'hunter2', accessToken: 'ey.secret', email: 'user@test.com' };
    logger.info({ ...body, body });
    expect(lines.join('')).not.toMatch(/hunter2|ey\.secret|user@test/);
  });

  it('does not write them in messages and stacks either', () => {
    const { lines, logger } = captured();
    logger.error(
      { err: new Error('E11000 duplicate key { email: "user@test.com" }') },
      'mongodb://app:hunter2@h failed',
    );
    expect(lines.join('')).not.toMatch(/hunter2|user@test/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'mongodb://[login]@h failed' });
  });

  it('keeps the stack of an error that Nest reports', () => {
    const { lines, logger } = captured();
    new NestLogger(logger).error(new Error('broken'), 'SomeClass');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      context: 'SomeClass',
      err: { message: 'broken' },
      msg: 'broken',
    });
  });
});
