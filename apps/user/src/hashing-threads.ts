import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** As `nice` counts: at 19 one gets a seventieth of what the others get where there is not enough for all. */
const PRIORITY = 19;
/** A tenth: with less, nobody logs in within a second while something else keeps the cores busy. */
const SESSION_PRIORITY = 10;
const TASKS = '/proc/self/task';
/**
 * Linux shares a machine out among sessions first (sched(7), autogroup), where the niceness of one thread has no say, so the
 * session as a whole gives way, too. In containers their CPU weights count instead.
 */
const SESSION = '/proc/self/autogroup';

/**
 * Lets the threads that hash passwords give way to everything else on the machine: a hash is 12 ms of a core without a
 * break, and a hundred logins at once made product reads wait four times as long. Only Linux tells its threads apart.
 */
export async function hashGently(): Promise<void> {
  if (!existsSync(TASKS)) return;
  // The threads are started, all together, by the first thing there is to do for them.
  for (const id of await readdir(TASKS)) {
    const name = await readFile(`${TASKS}/${id}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'libuv-worker') setPriority(Number(id), PRIORITY);
  }
  if (await leadsSession()) await writeFile(SESSION, String(SESSION_PRIORITY)).catch(() => undefined);
}

/** Whether the session is this process's own, not a terminal's whose other programs would have to give way, too. */
async function leadsSession(): Promise<boolean> {
  const [, , , session] = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /, '').split(' ');
  return Number(session) === process.pid;
}
