import type { NewProduct } from '@souk/contracts';

/** The texts a product is found by, the weightiest first. */
export type ProductText = Pick<NewProduct, 'name' | 'brand' | 'category' | 'description'>;

const MAX_TERMS = 100;
const MAX_QUERY_WORDS = 16;
const MAX_WORD_LENGTH = 32;
/** Keeps a cursor, which carries the key, within its 512 characters, whatever the script. */
const MAX_KEY_LENGTH = 80;

// "Crème" and "CREME" are one word. Decomposing comes first: lower case of "İ" would otherwise keep a loose dot.
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

// By code points: half a surrogate pair is not text.
const cut = (text: string, length: number): string => [...text].slice(0, length).join('');

const wordsOf = (text: string): string[] => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(shorten);

const shorten = (word: string): string => cut(word, MAX_WORD_LENGTH);

/** The words a product is found by. A long description counts only as far as the limit reaches. */
export function searchTerms({ name, brand = '', category, description = '' }: ProductText): string[] {
  return [...new Set([name, brand, category, description].flatMap(wordsOf))].slice(0, MAX_TERMS);
}

/**
 * What a search asks for: every word, the last one only begun (it may still be being typed).
 * `undefined` if the text has no word in it.
 */
export function searchWords(q: string): { words: string[]; prefix: string } | undefined {
  const words = wordsOf(q).slice(0, MAX_QUERY_WORDS);
  const prefix = words.pop();
  return prefix === undefined ? undefined : { words: [...new Set(words)], prefix };
}

/** What a name is sorted by: people expect "apple" beside "Äpfel", before "Banana". */
export const nameKeyOf = (name: string): string => cut(fold(name).replace(/\s+/gu, ' ').trim(), MAX_KEY_LENGTH);
