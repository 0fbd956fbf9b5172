/**
 * Each step of the order protocol (DESIGN §5) that may be the last one a process takes, in the order they are taken. They
 * are announced on the diagnostics channel `souk:order:step` right after the step was done, by the service that is named;
 * tests kill it there.
 */
export const protocolSteps = {
  // placing
  'place.started': 'order',
  'reserve.started': 'product',
  'reserve.lineTaken': 'product',
  'reserve.refused': 'product',
  'reserve.givenBack': 'product',
  'reserve.taken': 'product',
  'place.reserved': 'order',
  'place.inserted': 'order',
  'place.duplicateRead': 'order',
  'release.started': 'product',
  'release.done': 'product',
  'place.givenBack': 'order',
  'place.settling': 'order',
  'settle.done': 'product',
  // sweeping abandoned holds
  'sweep.found': 'product',
  'resolve.nothingFound': 'order',
  'resolve.voided': 'order',
  'sweep.resolved': 'product',
  'sweep.givenBack': 'product',
  'sweep.settled': 'product',
  // cancelling
  'cancel.marked': 'order',
  'restock.marked': 'product',
  'restock.entered': 'product',
  'restock.done': 'product',
  'cancel.restocked': 'order',
  'cancel.finished': 'order',
} as const satisfies Record<string, 'order' | 'product'>;

export type ProtocolStep = keyof typeof protocolSteps;
