import type { Line, PlannedTry, Setup } from './setup.ts';

const ONE_UNIT: readonly Line[][] = [[{ product: 0, quantity: 1 }]];
const TWO_PRODUCTS: readonly Line[][] = [
  [
    { product: 0, quantity: 1 },
    { product: 1, quantity: 1 },
  ],
];
const TWO_BODIES: readonly Line[][] = [[{ product: 0, quantity: 1 }], [{ product: 0, quantity: 2 }]];

const tryOf = (key: number, body = 0): PlannedTry => ({ key, body });
const SAME_KEY = [tryOf(0), tryOf(0)];
const RIVALS = [tryOf(0), tryOf(1)];

const single: Setup = {
  tries: [tryOf(0)],
  stock: [1],
  bodies: ONE_UNIT,
  sweepers: 2,
  cancels: [],
  drivers: 1,
  insertSentAgain: false,
  reserveDeliveredTwice: false,
  deadlinesPass: false,
  lateReserveDropped: false,
  agedSweep: false,
  insertChecked: false,
  retriesVoided: true,
};
const deadlines = { sweepers: 1, deadlinesPass: true, lateReserveDropped: true, agedSweep: true } as const;
const three = { sweepers: 1, retriesVoided: false } as const;

/** Every configuration by name; each is explored completely. */
export const SETUPS = {
  'one try': single,
  'one try, insert sent again': { ...single, insertSentAgain: true },
  'one try, deadlines, aged sweep': { ...single, ...deadlines, sweepers: 2, insertChecked: true },
  'one try, cancel, 2 sweepers, 2 drivers': { ...single, cancels: [0], drivers: 2 },
  'one try, 2 products, cancel': { ...single, stock: [1, 1], bodies: TWO_PRODUCTS, cancels: [0], drivers: 2 },
  'same key twice, last unit': { ...single, tries: SAME_KEY },
  'same key twice, 2 units': { ...single, tries: SAME_KEY, stock: [2] },
  'same key twice, insert sent again': { ...single, tries: SAME_KEY, sweepers: 1, insertSentAgain: true },
  'same key twice, deadlines, aged sweep': { ...single, ...deadlines, tries: SAME_KEY },
  'same key twice, cancel': { ...single, ...three, tries: SAME_KEY, stock: [2], cancels: [0] },
  'same key, two bodies': { ...single, tries: [tryOf(0), tryOf(0, 1)], stock: [2], bodies: TWO_BODIES },
  'two keys, last unit': { ...single, tries: RIVALS },
  'two keys, last unit, cancel': { ...single, tries: RIVALS, sweepers: 1, cancels: [0] },
  'two keys crossing on 2 products': { ...single, ...three, tries: RIVALS, stock: [1, 1], bodies: TWO_PRODUCTS },
  'one try, reserve delivered twice': { ...single, stock: [2], reserveDeliveredTwice: true },
  'one try, 2 products, delivered twice': {
    ...single,
    ...three,
    stock: [2, 1],
    bodies: TWO_PRODUCTS,
    reserveDeliveredTwice: true,
  },
  'two keys, delivered twice': { ...single, ...three, tries: RIVALS, stock: [2], reserveDeliveredTwice: true },
  'two keys, both cancelled': { ...single, ...three, tries: RIVALS, stock: [2], cancels: [0, 1], drivers: 2 },
  'same key twice and a rival, last unit': { ...single, ...three, tries: [tryOf(0), tryOf(0), tryOf(1)] },
  'same key three times, last unit': { ...single, ...three, tries: [tryOf(0), tryOf(0), tryOf(0)] },
  'three keys, last unit, 2 sweepers': { ...single, ...three, tries: [tryOf(0), tryOf(1), tryOf(2)], sweepers: 2 },
} as const satisfies Record<string, Setup>;

export type SetupName = keyof typeof SETUPS;
