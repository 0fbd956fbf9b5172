import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { addService, GeneratorError, removeService } from './generator.ts';

const HELP = `npm run new:service -- <name>            makes a service: contract, app, tests, containers, chart, scrape target
npm run new:service -- <name> --remove   removes one that was made so`;

const [name, option] = process.argv.slice(2);
try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof GeneratorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function main(): number {
  if (name === undefined || name.startsWith('-') || (option !== undefined && option !== '--remove')) {
    console.log(HELP);
    return name === '--help' ? 0 : 2;
  }
  if (option === '--remove') removeService(root, name);
  else addService(root, name);
  settle();
  console.log(option === '--remove' ? `${name} is gone.` : made(name));
  return 0;
}

/** Links the workspace, writes what follows from the contracts, and formats. */
function settle(): void {
  run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
  run('npm', 'rebuild', 'node', '--loglevel=error');
  for (const script of ['build', 'openapi', 'deploy:write', 'format']) run('npm', 'run', '--silent', script);
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new GeneratorError(`${command} ${args.join(' ')} failed (above).`);
}

function made(service: string): string {
  return `${service} is there.

  ${join('apps', service)}               the program
  ${join('libs/contracts/src', `${service}.ts`)}  what it answers
  npm run check             passes
  npm run up                starts it with the rest; beside it:
  npm run bus -- call ${service}.greet '{"name":"you"}'`;
}
