import fc from 'fast-check';
import { Counter, Histogram, register } from 'prom-client';
import { beforeEach, expect, it } from 'vitest';
import { buckets, talliedCounter, TalliedHistogram } from './tally.ts';

beforeEach(() => register.clear());

const scraped = async () => {
  const text = await register.metrics();
  register.clear();
  return text;
};

it('a tallied histogram is scraped exactly as the library’s own', async () => {
  const seconds = fc.oneof(fc.constantFrom(...buckets), fc.double({ min: 0, max: 10, noNaN: true }));
  const seen = fc.array(fc.tuple(fc.constantFrom('GET', 'POST'), seconds), { minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(seen, async (observations) => {
      const ours = new TalliedHistogram('seconds', 'How long', ['method']);
      for (const [method, value] of observations) ours.record({ method }, value);
      const text = await scraped();
      const theirs = new Histogram({ name: 'seconds', help: 'How long', labelNames: ['method'], buckets });
      for (const [method, value] of observations) theirs.observe({ method }, value);
      const sorted = (lines: string) =>
        lines.replaceAll(/\{([^}]*)\}/g, (_, labels: string) => labels.split(',').toSorted().join());
      expect(sorted(text)).toBe(sorted(await scraped()));
    }),
    { numRuns: 50 },
  );
});

it('one without labels is scraped before anything was seen', async () => {
  const about = { name: 'seconds', help: 'How long' };
  void new TalliedHistogram(about.name, about.help, []);
  const text = await scraped();
  void new Histogram({ ...about, buckets });
  expect(text).toBe(await scraped());
});

it('a tallied counter counts on from scrape to scrape', async () => {
  const count = talliedCounter('reads_total', 'Reads', ['outcome']);
  count({ outcome: 'hit' });
  count({ outcome: 'hit' });
  expect(await register.metrics()).toContain('reads_total{outcome="hit"} 2');
  count({ outcome: 'hit' });
  expect(await scraped()).toContain('reads_total{outcome="hit"} 3');
  const theirs = new Counter({ name: 'reads_total', help: 'Reads', labelNames: ['outcome'] });
  theirs.inc({ outcome: 'hit' }, 3);
  expect(await scraped()).toContain('reads_total{outcome="hit"} 3');
});
