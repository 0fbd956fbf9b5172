import type { IntList } from './int-list.ts';

/** A directed graph of states by number. */
export interface Graph {
  readonly size: number;
  readonly from: IntList;
  readonly to: IntList;
}

/** The first state from which none of the goals can be reached, if there is one. */
export function firstStuck(graph: Graph, goals: IntList): number | undefined {
  const { first, sources } = incoming(graph);
  const reached = new Uint8Array(graph.size);
  const open: number[] = [];
  const reach = (state: number) => {
    if (reached[state] === 1) return;
    reached[state] = 1;
    open.push(state);
  };
  for (let index = 0; index < goals.length; index++) reach(goals.at(index));
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const end = first[state + 1] ?? 0;
    for (let edge = first[state] ?? 0; edge < end; edge++) reach(sources[edge] ?? 0);
  }
  const stuck = reached.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}

/** The edges by their target: those of state s are `sources[first[s]] … sources[first[s + 1] - 1]`. */
function incoming({ size, from, to }: Graph) {
  const first = new Int32Array(size + 1);
  for (let edge = 0; edge < to.length; edge++) first[to.at(edge) + 1] = (first[to.at(edge) + 1] ?? 0) + 1;
  for (let state = 0; state < size; state++) first[state + 1] = (first[state + 1] ?? 0) + (first[state] ?? 0);
  const free = first.slice();
  const sources = new Int32Array(to.length);
  for (let edge = 0; edge < to.length; edge++) {
    const slot = free[to.at(edge)] ?? 0;
    sources[slot] = from.at(edge);
    free[to.at(edge)] = slot + 1;
  }
  return { first, sources };
}
