import { expect, test } from 'vitest';
import { Interner } from './interner.ts';
import { SETUPS } from './setups.ts';
import { Shop } from './shop.ts';
import { type InsertMessage, initialState, type State } from './state.ts';

const one: InsertMessage = { byTry: 0, attempt: 0, again: false };
const other: InsertMessage = { byTry: 1, attempt: 4, again: false };

const keys = (...inserts: InsertMessage[][]): string[] => {
  const interner = new Interner();
  const state: State = initialState(new Shop(SETUPS['two keys, last unit']));
  return inserts.map((each) => interner.key(interner.intern({ ...state, inserts: each })));
};

test('messages in flight have no order: states that differ in it are one state', () => {
  const [first, second] = keys([one, other], [{ ...other }, { ...one }]);
  expect(second).toBe(first);
});

test('different states have different keys', () => {
  const found = keys([], [one], [other], [one, other], [one, one]);
  expect(new Set(found).size).toBe(found.length);
});
