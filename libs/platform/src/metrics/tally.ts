import {
  Counter,
  Histogram,
  type LabelValues,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';

/** Seconds; from a cache hit to the longest deadline. */
export const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

type AtMostThree<L extends string> = readonly [L?, L?, L?];

/**
 * For what happens up to twenty thousand times a second: prom-client makes a string of the labels each time it counts, which costs
 * a hit (50 µs) a twenty-fifth. These count in numbers, and speak of labels when they are scraped.
 */
export class TalliedHistogram<L extends string> extends Histogram<L> {
  /** Knows everything about the metric but its values. */
  readonly #empty: Histogram<L>;
  readonly #tallies = new ByLabels<L, Tally<L>>((labels) => ({ labels, counts: [...buckets, 0].map(() => 0), sum: 0 }));
  readonly #names: AtMostThree<L>;

  constructor(name: string, help: string, labelNames: AtMostThree<L>) {
    const about = { name, help, labelNames: given(labelNames), buckets };
    super(about);
    this.#empty = new Histogram({ ...about, registers: [] });
    this.#names = labelNames;
    // As the library does: what has no labels is there from the first scrape on.
    if (labelNames.length === 0) this.#tallies.of({}, labelNames);
  }

  /** What the library calls `observe`, which it makes for each histogram anew. */
  record(labels: LabelValues<L>, value: number): void {
    const tally = this.#tallies.of(labels, this.#names);
    let at = 0;
    while (at < buckets.length && value > (buckets[at] ?? 0)) at++;
    tally.counts[at] = (tally.counts[at] ?? 0) + 1;
    tally.sum += value;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<L>>> {
    const about = await this.#empty.get();
    return { ...about, values: this.#tallies.all.flatMap((tally) => valuesOf(tally, about.name)) };
  }

  /** What the text of a scrape is made of. */
  getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<L>>> {
    return this.get();
  }
}

/** A counter of the same kind; the function counts one. */
export function talliedCounter<L extends string>(name: string, help: string, labelNames: AtMostThree<L>) {
  const tallies = new ByLabels<L, { labels: LabelValues<L>; count: number }>((labels) => ({ labels, count: 0 }));
  const counter = new Counter({
    name,
    help,
    labelNames: given(labelNames),
    collect() {
      for (const tally of tallies.all) {
        counter.inc(tally.labels, tally.count);
        tally.count = 0;
      }
    },
  });
  return (labels: LabelValues<L>): void => void tallies.of(labels, labelNames).count++;
}

interface Tally<L extends string> {
  labels: LabelValues<L>;
  counts: number[];
  sum: number;
}

type Value = string | number | undefined;

/** One of something for each combination of label values. Looked up without a string being made of them. */
class ByLabels<L extends string, C> {
  readonly all: C[] = [];
  readonly #first = new Map<Value, Map<Value, Map<Value, C>>>();
  /** What was counted last is counted next, too, most of the time. */
  #last: { a: Value; b: Value; c: Value; found: C } | undefined;

  constructor(private readonly make: (labels: LabelValues<L>) => C) {}

  of(labels: LabelValues<L>, [first, second, third]: AtMostThree<L>): C {
    const [a, b, c] = [valueIn(labels, first), valueIn(labels, second), valueIn(labels, third)];
    const last = this.#last;
    if (last && last.a === a && last.b === b && last.c === c) return last.found;
    const found = this.#first.get(a)?.get(b)?.get(c) ?? this.#add(labels, a, b, c);
    this.#last = { a, b, c, found };
    return found;
  }

  #add(labels: LabelValues<L>, a: Value, b: Value, c: Value): C {
    const made = this.make(labels);
    this.all.push(made);
    const seconds = this.#first.get(a) ?? new Map<Value, Map<Value, C>>();
    const thirds = seconds.get(b) ?? new Map<Value, C>();
    this.#first.set(a, seconds.set(b, thirds.set(c, made)));
    return made;
  }
}

const valueIn = <L extends string>(labels: LabelValues<L>, name: L | undefined): Value =>
  name === undefined ? undefined : labels[name];

const given = <L extends string>(names: AtMostThree<L>): L[] => names.filter((name) => name !== undefined);

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
