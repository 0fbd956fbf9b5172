import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { accessFiles } from './generated.ts';

for (const [file, content] of Object.entries(accessFiles())) {
  writeFileSync(join(root, 'deploy', file), content);
  console.log(`wrote deploy/${file}`);
}
