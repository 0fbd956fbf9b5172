import {
  Counter,
  Histogram,
  type LabelValues,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';
import { buckets } from './metric.ts';

/**
 * For what happens twenty thousand times a second: prom-client makes a string of the labels each time it counts, which costs a hit
 * (50 µs) a twenty-fifth. These count in numbers, and speak of labels when they are scraped.
 */
export class TalliedHistogram<L extends string> extends Histogram<L> {
  /** Knows everything about the metric but its values. */
  readonly #empty: Histogram<L>;
  readonly #tallies: Tally<L>[] = [];

  constructor(name: string, help: string, labelNames: readonly L[]) {
    super({ name, help, labelNames: [...labelNames], buckets });
    this.#empty = new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [] });
  }

  /** Counts for one combination of labels, asked for once each. */
  tally(labels: LabelValues<L>): (value: number) => void {
    const tally = { labels, counts: [...buckets, Infinity].map(() => 0), sum: 0 };
    this.#tallies.push(tally);
    return (value) => {
      let at = 0;
      while (at < buckets.length && value > (buckets[at] ?? 0)) at++;
      tally.counts[at] = (tally.counts[at] ?? 0) + 1;
      tally.sum += value;
    };
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<L>>> {
    const about = await this.#empty.get();
    return { ...about, values: this.#tallies.flatMap((tally) => valuesOf(tally, about.name)) };
  }

  /** What the text of a scrape is made of. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<L>>> {
    return this.get();
  }
}

interface Tally<L extends string> {
  labels: LabelValues<L>;
  counts: number[];
  sum: number;
}

function valuesOf<L extends string>({ labels, counts, sum }: Tally<L>, name: string) {
  let count = 0;
  const upTo = [...buckets, '+Inf'].map((le, at) => {
    count += counts[at] ?? 0;
    return { labels: { ...labels, le }, value: count, metricName: `${name}_bucket` };
  });
  return [
    ...upTo,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}

/** A counter of the same kind. */
export function talliedCounter<L extends string>(name: string, help: string, labelNames: readonly L[]) {
  const tallies: { labels: LabelValues<L>; count: number }[] = [];
  const counter = new Counter({
    name,
    help,
    labelNames: [...labelNames],
    collect() {
      for (const tally of tallies) {
        counter.inc(tally.labels, tally.count);
        tally.count = 0;
      }
    },
  });
  return (labels: LabelValues<L>) => {
    const tally = { labels, count: 0 };
    tallies.push(tally);
    return () => void tally.count++;
  };
}
