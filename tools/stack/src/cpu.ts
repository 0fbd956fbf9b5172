import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/<pid>/stat (`getconf CLK_TCK`; 100 on every Linux that Node runs on). */
const TICKS = 100;

/** CPU that a process has used so far, of user and kernel together, in milliseconds (proc(5)); Linux only. */
export function cpuMillisecondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
}
