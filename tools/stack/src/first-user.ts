import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passwords } from './access.ts';
import type { Flavour, Program } from './backing.ts';
import { onLeash } from './leash.ts';
import { freePort } from './ports.ts';
import { until } from './ready.ts';
import { serverCommand, type Place } from './server-command.ts';
import { createOperator, onStore } from './store-users.ts';

const BOOT_MS = 60_000;

/**
 * Makes the operator of a store that has none and would let nobody in to make one: secantusd-py knows no localhost
 * exception. It is run once without asking for passwords, on a port that nobody was told. Others need nothing of this.
 */
export async function makeFirstUser(flavour: Flavour, program: Program, place: Place, users: Passwords): Promise<void> {
  const marker = join(place.directory, 'has-users');
  if (flavour !== 'secantus-py' || existsSync(marker)) return;
  const open = serverCommand(flavour, program, { ...place, port: await freePort() }, users);
  const args = open.args.filter((arg) => arg !== '--auth');
  const server = onLeash(open.command, args, { ...process.env, ...open.env });
  try {
    const create = () => onStore(open.url, (client) => createOperator(client, users));
    const isMade = await until(
      () =>
        create().then(
          () => true,
          () => false,
        ),
      BOOT_MS,
    );
    if (!isMade) throw new Error(`${program.title} did not take its first user within ${BOOT_MS / 1_000} s`);
  } finally {
    await server.stop();
  }
  writeFileSync(marker, '');
}
