/**
 * When process `pid` started, in the kernel's words; undefined when it does not run (a zombie does not).
 * A pid alone may be reused; pid and start time together name one process.
 */
export function startTime(pid: number): string | undefined;
