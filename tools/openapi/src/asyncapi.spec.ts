import { readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { allContracts, allEvents, asyncApiDocument } from '@souk/contracts';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

const committed = JSON.parse(readFileSync(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8'));

/** What the AsyncAPI Initiative's own schema, which carries its metaschema, finds wrong. */
function complaintsOf(document: unknown): unknown {
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(specs.schemas['3.0.0']);
  return isValid(document) ? [] : isValid.errors;
}

describe('docs/asyncapi.json', () => {
  it('is what the schemas say now: run `npm run openapi` and commit it', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('is a valid AsyncAPI 3 document, by a check that refuses one that is not', () => {
    expect(complaintsOf(committed)).toEqual([]);
    const { 'product.get': operation } = committed.operations;
    const wrong = { ...committed, operations: { 'product.get': { ...operation, action: 'shout' } } };
    expect(complaintsOf(wrong)).not.toEqual([]);
  });

  it('describes every call and every announcement once', () => {
    const subjects = [...allContracts, ...allEvents].map(({ subject }) => subject);
    expect(Object.keys(committed.operations).toSorted()).toEqual(subjects.toSorted());
  });

  it('resolves every reference it makes', () => {
    for (const [, path = ''] of JSON.stringify(committed).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path.split('/').reduce((place, name) => place?.[name], committed);
      expect(found, path).toBeDefined();
    }
  });
});
