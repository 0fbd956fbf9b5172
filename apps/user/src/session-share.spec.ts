import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT_START, shareAfter } from './session-share.ts';

const after = (tookMs: readonly number[], from = AT_START) => tookMs.reduce(shareAfter, from);
const times = (count: number, tookMs: number) => Array.from({ length: count }, () => tookMs);
const yielding = after(times(8, 40));

describe('the share of a service that hashes', () => {
  it('equals that of others until eight hashes in a row were quick', () => {
    expect(after(times(7, 40)).name).toBe('equal');
    expect(after([...times(7, 40), 41, ...times(7, 40)]).name).toBe('equal');
    expect(after(times(8, 40)).name).toBe('yielding');
  });

  it('gives way while hashes are done in time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80 })), (tookMs) => {
        expect(after(tookMs, yielding)).toEqual({ name: 'yielding', against: 0 });
      }),
    );
  });

  it('goes on giving way when a hash now and then had not the CPU it needed', () => {
    expect(after([...times(2, 500), 80, ...times(2, 500)], yielding).name).toBe('yielding');
  });

  it('equals that of others again after three such hashes in a row, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 })), (tookMs) => {
        expect(after([...tookMs, ...times(3, 81)])).toEqual({ name: 'equal', against: 0 });
      }),
    );
  });
});

it('a service in a session of its own gives way to others, one in a shared session does not', () => {
  const file = join(import.meta.dirname, 'session-share.ts');
  const script = `import { SessionShare } from '${file}'; import { existsSync, readFileSync } from 'node:fs';
    const share = new SessionShare();
    for (let hashes = 0; hashes < 8; hashes++) share.hashed(20);
    process.stdout.write(existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : 'nice 10');`;
  const priority = (command: string, ...args: string[]) =>
    spawnSync(command, [...args, process.execPath, '--input-type=module', '--eval', script], { encoding: 'utf8' })
      .stdout;
  expect(priority('setsid', '--wait')).toContain('nice 10');
  expect(priority('env')).not.toContain('nice 10');
});
