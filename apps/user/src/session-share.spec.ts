import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Share, shareAfter } from './session-share.ts';

const yielding: Share = { at: 'yielding', quick: 0 };
const after = (tookMs: readonly number[], from = yielding) => tookMs.reduce(shareAfter, from);

describe('the share of a service that hashes', () => {
  it('gives way while hashes are done in time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80 })), (tookMs) => {
        expect(after(tookMs)).toEqual(yielding);
      }),
    );
  });

  it('is as large as any other after a hash that had not the CPU it needed, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 })), (tookMs) => {
        expect(after([...tookMs, 81])).toEqual({ at: 'equal', quick: 0 });
      }),
    );
  });

  it('gives way again after eight quick hashes in a row, and not before', () => {
    const quick = Array.from({ length: 8 }, () => 20);
    expect(after([200, ...quick]).at).toBe('yielding');
    expect(after([200, ...quick.slice(1)]).at).toBe('equal');
    expect(after([200, ...quick.slice(1), 60, ...quick.slice(1)]).at).toBe('equal');
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
