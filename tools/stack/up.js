// `npm run up`: plain JavaScript for any Node ≥ 20, which brings in Node 24 for the rest.
import { become, ensureInstalled, node24, root } from './install.js';
import { join } from 'node:path';

await ensureInstalled();
await become(node24, ['--conditions=@souk/source', join(root, 'tools/stack/src/main.ts'), ...process.argv.slice(2)]);
