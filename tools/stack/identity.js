import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
