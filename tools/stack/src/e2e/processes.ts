import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { pidsOf } from './shop.ts';

/** The environment the first replica of an app was started with, as whoever broke into it would read it. Linux only. */
export function environmentOf(app: string): Record<string, string> {
  const [pid] = pidsOf(app);
  if (pid === undefined) throw new Error(`there is no ${app}`);
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** The command with its arguments, which every user of the machine may read. */
export const commandLineOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

/** The addresses a process listens on, as hexadecimal `address:port` (proc(5), /proc/net/tcp). */
export function listeningOn(pid: number): string[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => socketOf(`/proc/${pid}/fd/${fd}`)));
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n'));
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && own.has(inode))
    .map(([, local = '']) => local);
}

const LISTENING = '0A';

/** 127.0.0.1 and ::1, in the byte order of /proc/net/tcp. */
export const LOOPBACK = /^(0100007F|00000000000000000000000001000000):/;

function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    // It was closed meanwhile.
    return undefined;
  }
}
