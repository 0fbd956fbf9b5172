import { readFileSync } from 'node:fs';
import { parseEnv as readDotenv } from 'node:util';
import { parseEnv } from '@souk/platform';
import { expect, it } from 'vitest';
import { __Name__Env } from './env.ts';

it('the environment is complete and right in .env.example', () => {
  const example = readDotenv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'));
  expect(Object.keys(example).toSorted()).toEqual(Object.keys(__Name__Env.shape).toSorted());
  expect(parseEnv(__Name__Env, example)).toMatchObject({ PORT: __port__ });
});
