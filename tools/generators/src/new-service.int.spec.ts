import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, soukDirectory } from '@souk/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';

const clone = mkdtempSync(join(tmpdir(), 'souk-generated-'));
const { NATS_URL: _nats, REDIS_URL: _redis, MONGODB_URL: _mongo, ...env } = process.env;

const git = (...args: string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8' });

/** An npm script in the clone: its status, and what it said last where that is not 0. */
function npm(...args: string[]) {
  const run = spawnSync('npm', ['run', '--silent', ...args], { cwd: clone, encoding: 'utf8', env });
  const said = run.stdout + run.stderr;
  return { status: run.status, said: run.status === 0 ? '' : said.slice(-2_000), printed: run.stdout };
}

/** Linked where that can be done: half a gigabyte. */
function copyTree(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  if (spawnSync('cp', ['-al', from, to], { stdio: 'ignore' }).status !== 0) execFileSync('cp', ['-a', from, to]);
}

beforeAll(() => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(clone, file), { recursive: true, verbatimSymlinks: true });
  }
  copyTree(join(root, 'node_modules'), join(clone, 'node_modules'));
  copyTree(join(soukDirectory, 'fetched'), join(clone, '.souk/fetched'));
  git('init', '--quiet');
  git('add', '--all');
}, 300_000);
afterAll(() => rmSync(clone, { recursive: true, force: true }));

it(
  'a fifth service is made by one command, passes the check, answers on the bus, and is gone without a trace',
  { timeout: 600_000 },
  () => {
    expect(npm('new:service:run', '--', 'review')).toMatchObject({ status: 0 });
    expect(npm('check:all')).toMatchObject({ status: 0, said: '' });

    const call = `npm run --silent bus:run -- call review.greet '{"name":"you"}' --json`;
    const answered = npm('up', '--', '--no-seed', '--exec', call);
    expect(answered).toMatchObject({ status: 0 });
    expect(answered.printed).toContain('Hello, you.');

    expect(npm('new:service:run', '--', 'review', '--remove')).toMatchObject({ status: 0 });
    expect(
      git('status', '--short')
        .split('\n')
        .filter((line) => !line.startsWith('A '))
        .join('\n'),
    ).toBe('');
  },
);
