export type Taken = { release: () => void; holder?: undefined } | { release?: undefined; holder: number };

/** Takes the lock file for this process. Answers the release function, or the pid that holds it. */
export function tryLock(file: string): Taken;

/** Runs `work` while holding the lock file; calls `onWait(pid)` once if another process has it. */
export function withLock<T>(file: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T>;
