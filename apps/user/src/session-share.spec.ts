import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT_START, quickAfter, shareOf } from './session-share.ts';

const quickHashes = (tookMs: readonly number[]) => tookMs.reduce(quickAfter, AT_START);
const after = (tookMs: readonly number[]) => shareOf(quickHashes(tookMs));

describe('the share of a service that hashes', () => {
  it('gives way while hashes are done in time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80 })), (tookMs) => {
        expect([after(tookMs), quickHashes(tookMs)]).toEqual(['yielding', AT_START]);
      }),
    );
  });

  it('equals that of others after a hash that had not the CPU it needed, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 })), (tookMs) => {
        expect([after([...tookMs, 81]), quickHashes([...tookMs, 81])]).toEqual(['equal', 0]);
      }),
    );
  });

  it('gives way again after eight quick hashes in a row, and not before', () => {
    const quick = Array.from({ length: 8 }, () => 20);
    expect(after([200, ...quick])).toBe('yielding');
    expect(after([200, ...quick.slice(1)])).toBe('equal');
    expect(after([200, ...quick.slice(1), 60, ...quick.slice(1)])).toBe('equal');
  });
});

it('a service in a session of its own gives way to others, one in a shared session does not', () => {
  const file = join(import.meta.dirname, 'session-share.ts');
  const script = `import { SessionShare } from '${file}'; import { existsSync, readFileSync } from 'node:fs';
    new SessionShare();
    process.stdout.write(existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : 'nice 10');`;
  const priority = (command: string, ...args: string[]) =>
    spawnSync(command, [...args, process.execPath, '--input-type=module', '--eval', script], { encoding: 'utf8' })
      .stdout;
  expect(priority('setsid', '--wait')).toContain('nice 10');
  expect(priority('env')).not.toContain('nice 10');
});
