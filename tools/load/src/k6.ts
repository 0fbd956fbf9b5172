import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runHere, UsageError } from '@souk/stack';

/** Installed where there is none; the suites need nothing newer. */
const VERSION = '1.8.1';

/** The k6 to use: `K6`, the one on the path, or one built from the Go module index (two minutes, once). */
export async function findK6(souk: string, say: (line: string) => void): Promise<string> {
  const { K6, PATH = '' } = process.env;
  const directories = PATH.split(delimiter);
  const built = join(souk, 'fetched', `k6-${VERSION}`);
  const candidates = [...(K6 === undefined ? [] : [K6]), ...[...directories, built].map((path) => join(path, 'k6'))];
  const found = candidates.find((file) => existsSync(file));
  if (found !== undefined) return found;
  if (!directories.some((path) => existsSync(join(path, 'go')))) throw new UsageError(MISSING);
  say(`building k6 ${VERSION} with Go (two minutes, once)`);
  const status = await runHere('go', ['install', `go.k6.io/k6@v${VERSION}`], { GOBIN: built });
  if (status !== 0) throw new UsageError(`Go could not build k6 ${VERSION}. ${MISSING}`);
  return join(built, 'k6');
}

const MISSING = 'Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) or Go, or name a k6 in K6.';
