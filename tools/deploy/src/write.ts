import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { rendered, VALUES } from './chart.ts';
import { accessFiles } from './generated.ts';

const charts = VALUES.map(async (name) => [`tools/deploy/rendered/${name}.yaml`, await rendered(name)] as const);
const access = Object.entries(accessFiles()).map(([file, content]) => [join('deploy', file), content] as const);
for (const [file, content] of [...access, ...(await Promise.all(charts))]) {
  writeFileSync(join(root, file), content);
  console.log(`wrote ${file}`);
}
