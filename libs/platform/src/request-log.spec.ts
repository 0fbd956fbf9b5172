import { channel } from 'node:diagnostics_channel';
import { Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { announceRequest } from './answered-request.ts';
import { createLogger, followLogLevel, setLogLevel } from './logger.ts';
import { logRequests } from './request-log.ts';

const lines: Record<string, unknown>[] = [];
const destination = new Writable({
  write(line: Buffer, _, done) {
    lines.push(JSON.parse(line.toString()));
    done();
  },
});
const logger = createLogger('shop', 'info', destination);
const request = {
  requestId: 'request-1',
  userId: 'u',
  method: 'GET',
  route: '/a/:id',
  status: 200,
  seconds: 0.0123456,
  isRoutine: false,
};
const call = {
  requestId: 'request-1',
  userId: 'u',
  caller: 'gateway',
  subject: 'a.get',
  outcome: 'ok',
  seconds: 0.002,
};

beforeAll(() => logRequests(logger));

function written(work: () => void) {
  lines.length = 0;
  work();
  return lines;
}

describe('the log of requests', () => {
  it('has one line for each request, with who asked for what, and how it ended', () => {
    expect(written(() => announceRequest(request))).toMatchObject([
      {
        msg: 'request',
        requestId: 'request-1',
        userId: 'u',
        method: 'GET',
        route: '/a/:id',
        status: 200,
        milliseconds: 12.346,
      },
    ]);
  });

  it('has one line for each call that was answered', () => {
    expect(written(() => channel('souk:rpc:handled').publish(call))).toMatchObject([
      {
        msg: 'call',
        requestId: 'request-1',
        userId: 'u',
        caller: 'gateway',
        contract: 'a.get',
        outcome: 'ok',
        milliseconds: 2,
      },
    ]);
  });

  it('has no line of a call that was refused because there was too much', () => {
    expect(written(() => channel('souk:rpc:handled').publish({ ...call, outcome: 'OVERLOADED' }))).toEqual([]);
  });

  it('has what is routine only at level debug, which may be set while it runs', () => {
    const routine = () => announceRequest({ ...request, isRoutine: true });
    expect(written(routine)).toEqual([]);
    followLogLevel(logger);
    setLogLevel('debug');
    expect(written(routine)).toHaveLength(1);
    setLogLevel('info');
  });
});
