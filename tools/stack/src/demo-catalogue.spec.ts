import { NewProduct, productContracts } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { demoCatalogue } from './demo-catalogue.ts';

describe('the demo catalogue', () => {
  const catalogue = demoCatalogue();
  const among = (least: number, most: number): number =>
    catalogue.filter(({ stock }) => stock >= least && stock <= most).length;

  it('is the same every time', () => {
    expect(demoCatalogue()).toEqual(catalogue);
  });

  it('has 2,000 products, each with its own id and name', () => {
    expect(catalogue).toHaveLength(2_000);
    expect(new Set(catalogue.map(({ id }) => id))).toHaveProperty('size', 2_000);
    expect(new Set(catalogue.map(({ name }) => name))).toHaveProperty('size', 2_000);
  });

  it('has 12 or more well-filled categories, Electronics among them', () => {
    const sizes = [...Map.groupBy(catalogue, ({ category }) => category)].map(([name, products]) => ({
      name,
      size: products.length,
    }));
    expect(sizes.length).toBeGreaterThanOrEqual(12);
    expect(sizes.map(({ name }) => name)).toContain('Electronics');
    expect(Math.min(...sizes.map(({ size }) => size))).toBeGreaterThanOrEqual(80);
  });

  it('can be imported as it is', () => {
    for (let at = 0; at < catalogue.length; at += 200) {
      const products = catalogue.slice(at, at + 200);
      expect(productContracts.import.input.parse({ products })).toEqual({ products });
    }
  });

  it('has texts that the contract leaves as they are', () => {
    for (const { id: _, ...fields } of catalogue) expect(NewProduct.parse(fields)).toEqual(fields);
  });

  it('has some products sold out, some nearly so, and most with plenty', () => {
    expect(among(0, 0)).toBeGreaterThan(20);
    expect(among(1, 5)).toBeGreaterThan(50);
    expect(among(20, 500)).toBeGreaterThan(1_600);
  });

  it('has prices as a shop has them: a chocolate bar for small change, a sofa for a month of rent, most below 150', () => {
    const prices = catalogue.map(({ price }) => price).toSorted((a, b) => a - b);
    expect(prices[0]).toBeLessThan(500);
    expect(prices[1_000]).toBeLessThan(15_000);
    expect(prices.at(-1)).toBeGreaterThan(100_000);
  });
});
