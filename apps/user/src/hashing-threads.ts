import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** As `nice` counts: at 19 one gets a seventieth of what the others get where there is not enough for all. */
const PRIORITY = 19;
const TASKS = '/proc/self/task';

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
}
