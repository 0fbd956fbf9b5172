import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { databaseOf } from './access.ts';
import { hasDatabase, withDatabase } from './app-environment.ts';
import { build } from './build.ts';
import { root, soukDirectory } from './paths.ts';
import { runningUrl } from './running-stack.ts';

const say = (line: string) => console.error(`souk: ${line}`);
const { env } = process;

await build({ env, souk: soukDirectory, say });
const store = env['MONGODB_URL'] ?? runningUrl('mongo', env);
// `up --exec` names the server, which all services share.
const MONGODB_URL = store && (hasDatabase(store) ? store : withDatabase(store, databaseOf('user')));
const command = join(root, 'apps/user/dist/admin.main.js');
const child = spawn(process.execPath, [command, ...process.argv.slice(2)], {
  env: { ...env, ...(MONGODB_URL && { MONGODB_URL }) },
  stdio: 'inherit',
});
const [code] = await once(child, 'exit');
process.exit(typeof code === 'number' ? code : 1);
