import { expect, test } from 'vitest';
import { BOOKS } from './invariants.ts';
import { explore } from './explore.ts';
import { holds, isCaught, wrongNames } from './run-model.ts';
import { SETUPS, type SetupName } from './setups.ts';
import { Shop } from './shop.ts';

const QUICK: SetupName[] = [
  'one try',
  'one try, insert sent again',
  'one try, deadlines, aged sweep',
  'one try, cancel, 2 sweepers, 2 drivers',
  'same key twice, deadlines, aged sweep',
  'one try, 2 products, delivered twice',
];
const quiet = () => undefined;

test.each(QUICK)('the protocol holds: %s', (name) => {
  expect(holds(name, quiet)).toBe(true);
});

test.each(wrongNames())('a wrong implementation is caught: %s', (wrong) => {
  expect(isCaught(wrong, quiet)).toBe(true);
});

test('a violation is told with a shortest trace that begins at the first step', () => {
  const { violations } = explore(new Shop(SETUPS['one try'], 'settled before the insert'), { untilBroken: true });
  const found = violations.find(({ invariant }) => invariant !== BOOKS);
  expect(found?.trace).toEqual([
    'try 0 starts, sends reserve',
    'reserve handler (attempt 0): product 0: held',
    'reserve handler (attempt 0) answers ok; try 0 sends its insert',
    'try 0: insert times out, answers 504',
    'settle of attempt 0 reaches product 0',
  ]);
});

test('a state that nothing leads out of is found', () => {
  const stuck = explore(new Shop({ ...SETUPS['one try'], sweepers: 0 }));
  expect(stuck.violations.map(({ invariant }) => invariant)).toEqual(['from every state everything can come to rest']);
});
