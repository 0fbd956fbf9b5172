import { asyncApiDocument, openApiDocument } from '@souk/contracts';
import openapiTypescript, { astToString } from 'openapi-typescript';

const BANNER = '// Written by `npm run openapi` from docs/openapi.json.\n\n';

/** What is made of the contracts and committed: texts by their paths in the repository. */
export async function documents(): Promise<Record<string, string>> {
  const http = json(openApiDocument());
  const types = astToString(await openapiTypescript(http));
  return {
    'docs/openapi.json': http,
    'docs/asyncapi.json': json(asyncApiDocument()),
    'libs/client/src/api.ts': BANNER + types,
  };
}

const json = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;
