import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * When process `pid` started, in the kernel's words; undefined when it does not run (a zombie does not).
 * A pid alone may be reused; pid and start time together name one process.
 */
export function startTime(pid) {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** The parent of process `pid`; undefined when it does not run, or where the kernel keeps no /proc. */
export function parentOf(pid) {
  const [, parent] = procStat(pid);
  return parent === undefined ? undefined : Number(parent);
}

/** The children of process `pid`. */
export function childrenOf(pid) {
  const all = process.platform === 'linux' ? pidsFromProc() : pidsFromPs();
  return all.filter(([, parent]) => parent === pid).map(([child]) => child);
}

function pidsFromProc() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => [Number(pid), parentOf(Number(pid))]);
}

function pidsFromPs() {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number));
}

function fromProc(pid) {
  const fields = procStat(pid);
  return fields[0] === 'Z' ? undefined : fields[19];
}

function procStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name, in parentheses, may itself contain spaces and parentheses: count from its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function fromPs(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
