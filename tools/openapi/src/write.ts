import { writeFileSync } from 'node:fs';
import { asyncApiDocument, openApiDocument } from '@souk/contracts';

/** Writes docs/openapi.json and docs/asyncapi.json; tests compare them with the schemas. */
const documents = { 'openapi.json': openApiDocument(), 'asyncapi.json': asyncApiDocument() };
for (const [name, document] of Object.entries(documents)) {
  const file = new URL(`../../../docs/${name}`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(document, undefined, 2)}\n`);
  console.log(`wrote ${file.pathname}`);
}
