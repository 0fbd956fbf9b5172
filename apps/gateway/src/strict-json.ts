import { AppError } from '@souk/contracts';
import { visit } from 'jsonc-parser';

/** How deep arrays and objects may lie in each other; nothing that is accepted here goes deeper than three. */
const MAX_DEPTH = 16;
/** Names by which some code reaches what all objects share. */
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a request body as the JSON that all parsers agree on (RFC 8259 §4, §8; I-JSON, RFC 7493): UTF-8 without a byte
 * order mark, no name twice in one object, no lone surrogates, no NUL, no number beyond what a double holds. Where two
 * parsers would read two things, an attacker shows one to each. Throws `MALFORMED_REQUEST`.
 */
export function parseStrictJson(body: Uint8Array): unknown {
  const text = decode(body);
  const value = parse(text);
  refuseAmbiguity(text);
  return value;
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw malformed('The body is not UTF-8.', cause);
  }
}

// What JSON is, the engine's own parser decides.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed('The body is not JSON.', cause);
  }
}

function refuseAmbiguity(text: string): void {
  const open: Set<string>[] = [];
  const enter = () => {
    open.push(new Set());
    if (open.length > MAX_DEPTH) throw malformed(`The body nests deeper than ${MAX_DEPTH} levels.`);
  };
  const leave = () => void open.pop();
  visit(text, {
    onObjectBegin: enter,
    onObjectEnd: leave,
    onArrayBegin: enter,
    onArrayEnd: leave,
    onObjectProperty(name) {
      const names = open.at(-1);
      if (names?.has(name)) throw malformed('A name stands twice in one object.');
      if (POISON.has(name)) throw malformed('A name is not allowed.');
      refuseText(name);
      names?.add(name);
    },
    onLiteralValue(value: unknown) {
      if (typeof value === 'string') refuseText(value);
      if (typeof value === 'number' && !Number.isFinite(value)) throw malformed('A number is too large.');
    },
  });
}

function refuseText(text: string): void {
  if (!text.isWellFormed() || text.includes('\u0000')) throw malformed('A string holds something that is not text.');
}

const malformed = (message: string, cause?: unknown): AppError => new AppError('MALFORMED_REQUEST', { message, cause });
