import { expect, it } from 'vitest';
import { read } from './files.ts';
import { accessFiles } from './generated.ts';

it.each(Object.entries(accessFiles()))('deploy/%s is what the contracts say: npm run deploy:write', (file, content) => {
  expect(read(`deploy/${file}`)).toBe(content);
});
