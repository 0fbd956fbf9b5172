import { Counter, Gauge, Histogram } from 'prom-client';

/** Seconds; from a cache hit to the longest deadline. */
export const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
  new Counter({ name, help, labelNames: [...labelNames] });
export const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
  new Gauge({ name, help, labelNames: [...labelNames] });
export const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
  new Histogram({ name, help, labelNames: [...labelNames], buckets });

/** One of something for each combination of three labels. Looked up without a string being made of them. */
export function childrenOf<C, L extends string | number>(make: (a: string, b: string, c: L) => C) {
  const children = new Map<string, Map<string, Map<L, C>>>();
  return (a: string, b: string, c: L): C => {
    const known = children.get(a)?.get(b)?.get(c);
    if (known) return known;
    const child = make(a, b, c);
    const second = children.get(a) ?? new Map<string, Map<L, C>>();
    const third = second.get(b) ?? new Map<L, C>();
    children.set(a, second.set(b, third.set(c, child)));
    return child;
  };
}
