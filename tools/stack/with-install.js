// `npm test` and `npm run check` on a fresh clone: installs first, then runs the npm script named.
import { becomeScript, ensureInstalled } from './install.js';

await ensureInstalled();
await becomeScript(process.argv.slice(2));
