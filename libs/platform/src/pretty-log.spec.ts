import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { prettyLog } from './pretty-log.ts';

it('a person who develops is shown a line to read, with what is secret left out', async () => {
  const terminal = new PassThrough();
  const stream = await prettyLog({ isTTY: true, env: { NODE_ENV: 'development' }, destination: terminal });
  createLogger('order', 'info', stream).info({ password: 'hunter2', milliseconds: 3 }, 'placed');
  terminal.end();
  const shown = await text(terminal);
  expect(shown).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\].*INFO.*\(order\).*placed/);
  expect(shown).toContain('milliseconds');
  expect(shown).not.toContain('hunter2');
});

it.each([
  ['a file', false, 'development'],
  ['production', true, 'production'],
  ['a test', true, 'test'],
] as const)('%s gets JSON', async (_name, isTTY, mode) => {
  expect(await prettyLog({ isTTY, env: { NODE_ENV: mode } })).toBeUndefined();
});
