import { AppError } from '@souk/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const outcomeOf = (work: () => unknown): unknown => {
  try {
    return void work();
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a JSON body', () => {
  it('is what JSON.parse makes of it, whatever it holds', () => {
    const names = /^(__proto__|constructor|prototype)$/;
    const value = fc.jsonValue({ maxDepth: 3 }).filter((each) => {
      const text = JSON.stringify(each);
      return !text.includes(String.raw`\u0000`) && !text.split('"').some((part) => names.test(part));
    });
    fc.assert(
      fc.property(value, (each) => {
        const text = JSON.stringify(each);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is JSON or refused, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const isRefused = outcomeOf(() => parseStrictJson(bytes)) === 'MALFORMED_REQUEST';
        const isJson = outcomeOf(() => JSON.parse(Buffer.from(bytes).toString())) === undefined;
        expect(isRefused || isJson).toBe(true);
      }),
    );
  });

  it.each([
    ['nothing at all', ''],
    ['no JSON', '{"a":1'],
    ['a comment', '{"a":1} // b'],
    ['a trailing comma', '{"a":1,}'],
    ['a byte order mark', '\uFEFF{}'],
    ['a name twice', '{"a":1,"b":2,"a":3}'],
    ['a name twice, once escaped', String.raw`{"a":1,"\u0061":2}`],
    ['a name twice further in', '{"a":[{"b":1,"b":1}]}'],
    ['__proto__', '{"__proto__":{}}'],
    ['__proto__, escaped', String.raw`{"__pr\u006Fto__":{}}`],
    ['constructor', '{"a":{"constructor":1}}'],
    ['a NUL in a string', String.raw`{"a":"\u0000"}`],
    ['a NUL in a name', String.raw`{"\u0000":1}`],
    ['a lone surrogate', String.raw`["\uD800"]`],
    ['surrogates the wrong way round', String.raw`["\uDC00\uD800"]`],
    ['a number beyond all numbers', '[1e999]'],
    ['more depth than is used', nested(17)],
    ['a depth to run out of stack', nested(30_000)],
  ])('with %s is refused', (_, body) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'MALFORMED_REQUEST' }));
  });

  it('that is not UTF-8 is refused', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(() => parseStrictJson(Uint8Array.from(bytes))).toThrow('The body is not UTF-8.');
    }
  });

  it('may hold the same name in two objects, emoji, and the depth that is allowed', () => {
    expect(parse('[{"a":1},{"a":"🛒"}]')).toEqual([{ a: 1 }, { a: '🛒' }]);
    expect(() => parse(nested(16))).not.toThrow();
  });
});
