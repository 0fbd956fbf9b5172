import { type ProtocolStep, productContracts } from '@souk/contracts';
import { QUANTITY, type Shop } from './shop.ts';

/** What makes the services take a step. It may fail: one of them is killed on the way. */
type Scenario = (shop: Shop, productIds: string[]) => Promise<unknown>;

const place: Scenario = (shop, ids) => shop.place(ids);

const placeTooMuch: Scenario = async (shop, ids) => {
  await shop.place([...ids, await shop.addProduct(0)]);
};

// Tries at one order that run at the same time: one inserts, the others find it there and give back.
const placeTogether: Scenario = (shop, ids) => Promise.all(Array.from({ length: 6 }, () => shop.place(ids)));

const abandon: Scenario = (shop, ids) => reserve(shop, ids);

const sellUnsettled: Scenario = async (shop, ids) => {
  await shop.insertOrder(await reserve(shop, ids), ids);
};

const cancel: Scenario = async (shop, ids) => {
  await shop.place(ids);
  await shop.cancel();
};

async function reserve(shop: Shop, ids: string[]): Promise<string> {
  const { orderId, userId } = shop;
  const items = ids.map((productId) => ({ productId, quantity: QUANTITY }));
  const reservation = await shop.call(productContracts.reserve, { orderId, userId, items });
  if (reservation?.outcome !== 'held') throw new Error('nothing was held');
  return reservation.attempt;
}

/** How each step is brought about. A step without a scenario does not compile. */
export const scenarios: Readonly<Record<ProtocolStep, Scenario>> = {
  'place.started': place,
  'reserve.started': place,
  'reserve.lineTaken': place,
  'reserve.refused': placeTooMuch,
  'reserve.givenBack': placeTooMuch,
  'reserve.taken': place,
  'place.reserved': place,
  'place.inserted': place,
  'place.duplicateRead': placeTogether,
  'release.started': placeTogether,
  'release.done': placeTogether,
  'place.givenBack': placeTogether,
  'place.settling': place,
  'settle.done': place,
  'sweep.found': abandon,
  'resolve.nothingFound': abandon,
  'resolve.voided': abandon,
  'sweep.resolved': abandon,
  'sweep.givenBack': abandon,
  'sweep.settled': sellUnsettled,
  'cancel.marked': cancel,
  'restock.marked': cancel,
  'restock.entered': cancel,
  'restock.done': cancel,
  'cancel.restocked': cancel,
  'cancel.finished': cancel,
};
