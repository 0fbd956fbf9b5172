import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentOf } from './identity.js';
import { withLock } from './lock.js';

/** The clone. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const modules = join(root, 'node_modules');
const stamp = join(modules, '.souk-lock');
const bin = join(modules, '.bin');

/** The Node that came with the install. */
const node24 = join(bin, 'node');

const say = (line) => console.error(`souk: ${line}`);

/** Installs what the lock file says unless that was done, and makes sure of Node 24. Exits with a remedy when it cannot be. */
export async function ensureInstalled() {
  if (!isInstalled()) {
    const waiting = (pid) => say(`waiting for process ${pid}, which is installing`);
    await withLock(join(root, '.souk/install.lock'), waiting, install);
  }
  const { stdout } = spawnSync(node24, ['--version'], { encoding: 'utf8' });
  if (stdout?.startsWith('v24.')) return;
  say(`Node 24 did not come with the install (${stdout?.trim() || 'no node in node_modules/.bin'}).`);
  say('Run `npm ci --foreground-scripts` without --ignore-scripts, or put Node 24 there yourself.');
  process.exit(1);
}

/** Runs a file with Node 24 and ends this process the way it ended. */
export async function becomeNode24(args) {
  // The channel tells the child when we are gone, even if we were killed: it stops then.
  process.exit(await runChild(node24, args, ['inherit', 'inherit', 'inherit', 'ipc']));
}

/** Runs an npm script and ends this process the way it ended. */
export async function becomeScript(args) {
  process.exit(await runChild('npm', ['run', '--silent', ...args], 'inherit'));
}

async function install() {
  if (isInstalled()) return;
  say('installing what package-lock.json says (npm ci, some seconds to a minute)');
  const status = await runChild(
    'npm',
    ['ci', '--no-fund', '--no-audit', '--loglevel=error'],
    ['inherit', 2, 'inherit'],
  );
  if (status !== 0) {
    say('npm ci failed (above): check the connection to the npm registry and try again.');
    process.exit(status);
  }
  writeFileSync(stamp, lockHash());
}

function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return true;
  if (!agreesWithNpm()) return false;
  writeFileSync(stamp, lockHash());
  return true;
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether npm's own note of what it installed is what the lock file wants: somebody ran `npm install`. */
function agreesWithNpm() {
  const note = join(modules, '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const there = packagesOf(note);
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (!path.startsWith('node_modules/')) return true;
    return there[path] ? there[path].version === version : Boolean(optional || devOptional || peer);
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function runChild(command, args, stdio) {
  const path = [bin, process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio,
  });
  const forward = (signal) => {
    // A terminal has sent its Ctrl-C to the child as well.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const watch = watchNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(error.message);
      resolve(127);
    });
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const one of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(one, forward);
      resolve(code ?? 128 + (SIGNALS[signal] ?? 9));
    });
  });
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** npm that is killed tells nobody; without it, what it ran is to stop too. Between npm and us there may be a shell. */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const before = above();
  const watch = setInterval(() => {
    if (above() === before) return;
    clearInterval(watch);
    onGone();
  }, 250);
  return watch.unref();
}

function above() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}
