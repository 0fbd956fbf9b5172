import { readFileSync } from 'node:fs';
import { parseEnv as readDotenv } from 'node:util';
import { EnvError, parseEnv } from '@souk/platform';
import { describe, expect, it } from 'vitest';
import { ProductEnv } from './env.ts';

describe('the environment', () => {
  it('is complete and right in .env.example', () => {
    const example = readDotenv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'));
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(ProductEnv.shape).toSorted());
    expect(parseEnv(ProductEnv, example)).toMatchObject({ PORT: 3002, CURRENCY: 'USD' });
  });

  it('is refused by name when the store is missing', () => {
    expect(() => parseEnv(ProductEnv, {})).toThrow(EnvError);
    expect(() => parseEnv(ProductEnv, {})).toThrow('MONGODB_URL');
  });
});
