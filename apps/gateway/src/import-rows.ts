import { pipeline } from 'node:stream/promises';
import { AppError, IMPORT_TYPES } from '@souk/contracts';
import { CsvError, parse } from 'csv-parse';
import { parseStrictJson } from './strict-json.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_LINES = 20_000;
/** As much as any other body. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** One line of an import, counted from 1: what it says, or why it says nothing. */
export type ImportRow = { line: number } & ({ value: unknown } | { problem: string });

type Rows = AsyncGenerator<ImportRow>;

/** The lines of an import as they arrive. Throws `PAYLOAD_TOO_LARGE`, `MALFORMED_REQUEST`. */
export async function* readRows(type: string, body: AsyncIterable<Uint8Array>): Rows {
  const read = READERS[IMPORT_TYPES.find((each) => type.startsWith(each)) ?? 'application/x-ndjson'];
  let rows = 0;
  for await (const row of read(limited(body))) {
    if (++rows > MAX_LINES) throw tooLarge(`At most ${MAX_LINES} lines at a time.`);
    yield row;
  }
}

const READERS: Record<(typeof IMPORT_TYPES)[number], (body: AsyncIterable<Uint8Array>) => Rows> = {
  'application/x-ndjson': readJsonLines,
  'text/csv': readCsv,
};

async function* readJsonLines(body: AsyncIterable<Uint8Array>): Rows {
  let line = 0;
  for await (const text of lines(body)) {
    line += 1;
    if (text.some((byte) => byte > 0x20)) yield { line, ...jsonOf(text) };
  }
}

function jsonOf(text: Uint8Array): { value: unknown } | { problem: string } {
  try {
    return { value: parseStrictJson(text) };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}

async function* readCsv(body: AsyncIterable<Uint8Array>): Rows {
  const parser = parse({
    columns: true,
    info: true,
    bom: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
  });
  // Whatever goes wrong with it ends the loop below.
  const feeding = pipeline(body, parser).catch(() => undefined);
  try {
    for await (const { record, info } of parser) yield { line: info.lines, value: fromCells(record) };
    await feeding;
  } catch (error) {
    throw error instanceof CsvError ? notCsv(error) : error;
  }
}

// A cell is text; an empty one says nothing.
function fromCells(record: Record<string, string>): Record<string, unknown> {
  const said = Object.entries(record).filter(([, cell]) => cell !== '');
  return Object.fromEntries(said.map(([name, cell]) => [name, NUMBERS.has(name) ? asNumber(cell) : cell]));
}

const NUMBERS = new Set(['price', 'stock']);
// What is no number is left for the schema to refuse.
const asNumber = (cell: string): unknown => (/^-?\d{1,15}(\.\d{1,15})?$/.test(cell) ? Number(cell) : cell);

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
    if (rest.length > MAX_LINE_BYTES) throw tooLarge('A line has at most 64 KB.');
  }
  if (rest.length > 0) yield rest;
}

async function* limited(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw tooLarge('An import has at most 16 MB.');
    yield chunk;
  }
}

const tooLarge = (message: string): AppError => new AppError('PAYLOAD_TOO_LARGE', { message });
const notCsv = ({ message }: CsvError): AppError =>
  new AppError('MALFORMED_REQUEST', { message: `No CSV: ${message}` });
