import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secret } from './access.ts';

/** What signs tokens and opens the two accounts every stack has; drawn once for each data directory. */
export type Credentials = {
  jwtSecret: string;
  adminEmail: string;
  adminPassword: string;
  demoEmail: string;
  demoPassword: string;
  /** The store remembers its operator from run to run, and so must we. */
  storePassword: string;
};

/** The credentials of a data directory, drawn at its first use. */
export function credentials(directory: string): Credentials {
  const file = join(directory, 'credentials.json');
  const known: Partial<Credentials> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const all: Credentials = {
    jwtSecret: secret(48),
    adminEmail: 'admin@souk.test',
    adminPassword: secret(12),
    demoEmail: 'demo@souk.test',
    demoPassword: secret(12),
    storePassword: secret(18),
    ...known,
  };
  writeFileSync(file, JSON.stringify(all, null, 2), { mode: 0o600 });
  return all;
}
