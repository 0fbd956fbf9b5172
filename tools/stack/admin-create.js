// `npm run admin:create`: like up.js, for any Node ≥ 20.
import { join } from 'node:path';
import { becomeNode24, ensureInstalled, root } from './install.js';

await ensureInstalled();
await becomeNode24([
  '--conditions=@souk/source',
  join(root, 'tools/stack/src/admin-main.ts'),
  ...process.argv.slice(2),
]);
