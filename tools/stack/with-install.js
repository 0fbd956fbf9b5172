// `npm test` and `npm run check` on a fresh clone: installs first, then runs the npm script named.
import { become, ensureInstalled } from './install.js';

await ensureInstalled();
await become('npm', ['run', '--silent', ...process.argv.slice(2)]);
