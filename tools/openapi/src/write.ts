import { writeFileSync } from 'node:fs';
import { openApiDocument } from '@souk/contracts';

/** Writes docs/openapi.json; a test compares it with the schemas. */
const file = new URL('../../../docs/openapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
console.log(`wrote ${file.pathname}`);
