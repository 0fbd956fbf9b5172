import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { allEndpoints, openApiDocument } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { documents } from './documents.ts';

const committed = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));

it('the types of libs/client are those of the document: run `npm run openapi` and commit them', async () => {
  const path = 'libs/client/src/api.ts';
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe((await documents())[path]);
});

describe('docs/openapi.json', () => {
  it('is what the schemas say now: run `npm run openapi` and commit it', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('is a valid OpenAPI 3.1 document, by a check that refuses one that is not', async () => {
    expect(await new Validator().validate(structuredClone(committed))).toMatchObject({ valid: true });
    const wrong = { ...structuredClone(committed), paths: { 'no-slash': {} } };
    expect(await new Validator().validate(wrong)).toMatchObject({ valid: false });
  });

  it('describes every endpoint once', () => {
    const operations = Object.entries<object>(committed.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = allEndpoints.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(operations.toSorted()).toEqual(expected.toSorted());
  });

  it('resolves every reference it makes', () => {
    const references = JSON.stringify(committed).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    for (const [, name = ''] of references) expect(committed.components.schemas).toHaveProperty(name);
  });
});
