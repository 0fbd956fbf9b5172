import { writeFileSync } from 'node:fs';
import { thisRelease } from './compatibility.ts';

/** Writes what this code promises as that of the last release: when one is made, and only then. */
const file = new URL('../released.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(thisRelease(), undefined, 1)}\n`);
console.log(`wrote ${file.pathname}`);
