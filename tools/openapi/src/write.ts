import { writeFileSync } from 'node:fs';
import { documents } from './documents.ts';

/** Writes what is made of the contracts; tests compare it with them. */
for (const [path, text] of Object.entries(await documents())) {
  const file = new URL(`../../../${path}`, import.meta.url);
  writeFileSync(file, text);
  console.log(`wrote ${file.pathname}`);
}
