import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKeyOf, searchTerms, searchWords } from './product-text.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
const product = (name: string) => ({ name, category: 'Bücher', brand: 'ACME', description: 'Wi-Fi 6' });

describe('the terms of a product', () => {
  it('are the words of name, brand, category and description, folded, once each', () => {
    expect(searchTerms(product('Crème  brûlée, crème!'))).toEqual([
      'creme',
      'brulee',
      'acme',
      'bucher',
      'wi',
      'fi',
      '6',
    ]);
  });

  it('are words in any script', () => {
    expect(searchTerms({ name: 'ＵＳＢ ケーブル', category: 'Кабель' })).toContain('usb');
    expect(searchTerms({ name: 'İstanbul', category: 'Кабель' })).toEqual(['istanbul', 'кабель']);
  });

  it('are bounded in number and length, the name first', () => {
    const long = { name: 'first', category: 'c', description: 'x'.repeat(100) + ' a b'.repeat(500) };
    const many = searchTerms({ ...long, description: Array.from({ length: 300 }, (_, n) => `w${n}`).join(' ') });
    expect(searchTerms(long)).toContain('x'.repeat(32));
    expect(many).toHaveLength(100);
    expect(many[0]).toBe('first');
  });

  it('never hold an empty word, a space or half a character', () => {
    fc.assert(
      fc.property(text, (name) => {
        const terms = searchTerms(product(name));
        expect(terms.every((term) => term !== '' && !/\s/u.test(term) && term.isWellFormed())).toBe(true);
      }),
    );
  });
});

describe('the words of a search', () => {
  it('are whole but for the last, which may still be being typed', () => {
    expect(searchWords('Crème BRÛL')).toEqual({ words: ['creme'], prefix: 'brul' });
  });

  it('do not exist in punctuation', () => {
    expect(searchWords('?! -- "')).toBeUndefined();
  });

  it('are at most sixteen', () => {
    expect(searchWords('a b c d e f g h i j k l m n o p q r s t')?.words).toHaveLength(15);
  });

  it('find the product whose name they are', () => {
    fc.assert(
      fc.property(text, (name) => {
        const terms = searchTerms(product(name));
        const search = searchWords(name);
        expect(search?.words.every((word) => terms.includes(word)) ?? true).toBe(true);
        expect(search === undefined || terms.some((term) => term.startsWith(search.prefix))).toBe(true);
      }),
    );
  });
});

describe('the key of a name', () => {
  it('sorts as people do', () => {
    const names = ['Zebra', 'Äpfel', 'apple', 'Banana', 'Éclair'];
    expect(names.toSorted((a, b) => (nameKeyOf(a) < nameKeyOf(b) ? -1 : 1))).toEqual([
      'Äpfel',
      'apple',
      'Banana',
      'Éclair',
      'Zebra',
    ]);
  });
});
