import { readCommandLine, runningUrl, UsageError } from '@souk/stack';
import { BackupError, backUp, restore } from './dump.ts';

const HELP = `npm run backup -- <directory>             writes the databases of the services, as mongodump does
npm run restore -- <directory> [--drop]   puts them back; --drop removes what is there first

  --url <url>   the store, with an operator's rights (default MONGODB_URL, then the stack that runs)
  --json        print the counts as JSON`;

const OPTIONS = {
  url: { type: 'string' },
  restore: { type: 'boolean' },
  drop: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError) && !(error instanceof BackupError)) throw error;
  console.error(error.message);
  return error instanceof UsageError ? 2 : 1;
});

async function main(args: string[]): Promise<number> {
  const config = { args, options: OPTIONS, strict: true, allowPositionals: true } as const;
  const { values, positionals } = readCommandLine(config, HELP);
  const [directory] = positionals;
  if (values.help || directory === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const url = values.url ?? process.env['MONGODB_URL'] ?? runningUrl('mongo', process.env);
  if (url === undefined) throw new UsageError(`No stack runs here and MONGODB_URL is not set.\n\n${HELP}`);
  const counts = values.restore
    ? await restore(url, directory, { drop: values.drop ?? false }, console.error)
    : await backUp(url, directory, console.error);
  const documents = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(
    values.json ? JSON.stringify(counts) : `${documents} documents of ${Object.keys(counts).length} collections.`,
  );
  return 0;
}
