import { AppError } from '@souk/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImportRow, readRows } from './import-rows.ts';

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function rowsOf(type: string, body: AsyncIterable<Uint8Array>): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  for await (const row of readRows(type, body)) rows.push(row);
  return rows;
}

const codeOf = (rows: Promise<unknown>) =>
  rows.then(
    () => 'ok',
    (error: AppError) => error.code,
  );

describe('an import of JSON lines', () => {
  const read = (...parts: (string | Uint8Array)[]) => rowsOf('application/x-ndjson', chunks(...parts));

  it('is one row for each line, empty ones left out, the last one without its end too', async () => {
    expect(await read('{"a":1}\n\r\n{"a":2}\r\n{"a":3}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 3, value: { a: 2 } },
      { line: 4, value: { a: 3 } },
    ]);
  });

  it('is the same however it arrives', async () => {
    const text = Buffer.from(['{"name":"Käse ✓"}', '{"name":"b"}', '', '{"name":"c"}'].join('\n'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, i) => text.subarray(at[i], end));
        expect(await read(...parts)).toEqual(await read(text));
      }),
    );
  });

  it('says of a line that is no strict JSON what is wrong with it, and goes on', async () => {
    const rows = await read('nope\n{"a":1,"a":2}\n', Uint8Array.from([0x22, 0xff, 0x22, 0x0a]), '{"a":3}');
    expect(rows.map((row) => ('problem' in row ? row.problem : row.value))).toEqual([
      'The body is not JSON.',
      'A name stands twice in one object.',
      'The body is not UTF-8.',
      { a: 3 },
    ]);
  });

  it('ends where it is too large: in bytes, in lines, in one line', async () => {
    const megabyte = `${`${' '.repeat(1_023)}\n`.repeat(1_024)}`;
    expect(await codeOf(read(...Array.from({ length: 17 }, () => megabyte)))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(read('1\n'.repeat(20_001)))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(read('1\n'.repeat(20_000)))).toBe('ok');
    expect(await codeOf(read(' '.repeat(70_000), ' '))).toBe('PAYLOAD_TOO_LARGE');
  });
});

describe('an import of comma separated values', () => {
  const read = (...parts: string[]) => rowsOf('text/csv; charset=utf-8', chunks(...parts));

  it('is one row for each line under the names, prices and stock as numbers, empty cells left out', async () => {
    expect(await read('\uFEFFname,price,stock,brand\n"Mug, ', 'blue",4.50,3,\nCup,x,1e3,Acme\n')).toEqual([
      { line: 2, value: { name: 'Mug, blue', price: 4.5, stock: 3 } },
      { line: 3, value: { name: 'Cup', price: 'x', stock: '1e3', brand: 'Acme' } },
    ]);
  });

  it('is refused where it is no CSV', async () => {
    expect(await codeOf(read('name,price\n"open,1\n'))).toBe('MALFORMED_REQUEST');
    expect(await codeOf(read('name,price\na,b,c\n'))).toBe('MALFORMED_REQUEST');
  });

  it('ends where it is too large', async () => {
    expect(await codeOf(read(`name\n${'a\n'.repeat(20_001)}`))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(read(`name\n${'a'.repeat(70_000)}`))).toBe('MALFORMED_REQUEST');
  });
});
