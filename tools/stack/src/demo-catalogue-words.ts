export type Words = readonly [string, ...string[]];

/** A sort of product with its cheapest and dearest price, in whole units of the shop's currency. */
type Kind = readonly [name: string, cheapest: number, dearest: number];

export interface CategoryWords {
  category: string;
  brands: Words;
  kinds: readonly [Kind, ...Kind[]];
  /** Colours, sizes, editions: what tells two products of one name apart. */
  variants: Words;
  openings: Words;
  details: Words;
}

/** Model names, shared by all brands. */
export const series: Words = [
  'Alto',
  'Aria',
  'Atlas',
  'Birch',
  'Cobalt',
  'Delta',
  'Drift',
  'Ember',
  'Fjord',
  'Halo',
  'Juno',
  'Kite',
  'Luma',
  'Meridian',
  'Nova',
  'Onyx',
  'Orbit',
  'Pico',
  'Quill',
  'Ridge',
  'Solis',
  'Terra',
  'Umbra',
  'Vela',
  'Willow',
  'Zephyr',
];

export const closings: Words = [
  'Two-year warranty.',
  'Ships in recyclable packaging.',
  'Spare parts available for ten years.',
  'Returns are free for 30 days.',
  'A favourite of our customers.',
  'Designed to be repaired, not replaced.',
];
