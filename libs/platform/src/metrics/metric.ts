import { Counter, Gauge, Histogram } from 'prom-client';

/** Seconds; from a cache hit to the longest deadline. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
  new Counter({ name, help, labelNames: [...labelNames] });
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Gauge({ name, help, labelNames: [...labelNames] });
export const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
  new Histogram({ name, help, labelNames: [...labelNames], buckets });

/**
 * One child of a metric for each combination of labels. Looking it up by ourselves costs a tenth of what the library does
 * with a record of labels, which counts where a whole answer takes 50 µs.
 */
export function childrenOf<C, L extends string | number>(make: (a: string, b: string, c: L) => C) {
  const children = new Map<string, C>();
  return (a: string, b: string, c: L): C => {
    const key = `${a} ${b} ${c}`;
    const known = children.get(key);
    if (known) return known;
    const child = make(a, b, c);
    children.set(key, child);
    return child;
  };
}
