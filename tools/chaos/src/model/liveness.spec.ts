import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntList } from './int-list.ts';
import { firstStuck } from './liveness.ts';

const listOf = (values: number[]): IntList => {
  const list = new IntList();
  for (const value of values) list.push(value);
  return list;
};

test('a list keeps what was pushed, however long it grows', () => {
  const list = new IntList();
  for (let value = 0; value < 3000; value++) list.push(value * 7);
  expect([list.length, list.at(0), list.at(1024), list.at(2999)]).toEqual([3000, 0, 7168, 20_993]);
});

test('the first state that reaches no goal is found in any graph', () => {
  const size = 8;
  const state = fc.nat({ max: size - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(state, state)), fc.array(state), (edges, goals) => {
      const reaches = new Set(goals);
      for (let round = 0; round < size; round++) for (const [from, to] of edges) if (reaches.has(to)) reaches.add(from);
      const stuck = Array.from({ length: size }, (_, index) => index).find((index) => !reaches.has(index));
      const graph = { size, from: listOf(edges.map(([from]) => from)), to: listOf(edges.map(([, to]) => to)) };
      expect(firstStuck(graph, listOf(goals))).toBe(stuck);
    }),
  );
});
