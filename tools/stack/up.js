// `npm run up`: plain JavaScript for any Node ≥ 20, which brings in Node 24 for the rest.
import { join } from 'node:path';
import { becomeNode24, ensureInstalled, root } from './install.js';

await ensureInstalled();
await becomeNode24(['--conditions=@souk/source', join(root, 'tools/stack/src/main.ts'), ...process.argv.slice(2)]);
