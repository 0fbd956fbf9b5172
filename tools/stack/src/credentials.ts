import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What signs tokens and opens the two accounts every stack has; drawn once for each data directory. */
export type Credentials = {
  jwtSecret: string;
  adminEmail: string;
  adminPassword: string;
  demoEmail: string;
  demoPassword: string;
};

/** The credentials of a data directory, drawn at its first use. */
export function credentials(directory: string): Credentials {
  const file = join(directory, 'credentials.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const drawn: Credentials = {
    jwtSecret: secret(48),
    adminEmail: 'admin@souk.test',
    adminPassword: secret(12),
    demoEmail: 'demo@souk.test',
    demoPassword: secret(12),
  };
  writeFileSync(file, JSON.stringify(drawn, null, 2), { mode: 0o600 });
  return drawn;
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
