import { type OrderLine, productEndpoints } from '@souk/contracts';
import { z } from 'zod';
import type { Call } from '../history/call.ts';
import type { Random } from '../random.ts';
import type { Http } from './http.ts';
import { Session } from './session.ts';

const SCARCE = { count: 6, stock: 12 };
const PLENTY = { count: 14, stock: 100_000 };
const USERS = 8;

/** A product as it was when the run began. */
export type Ware = { id: string; stock: number; isScarce: boolean };

/** An order whose 201 was seen. */
export type Receipt = { orderId: string; session: Session; key: string | undefined; lines: OrderLine[] };

/** A key whose outcome nobody knows yet. */
export type Pending = { session: Session; key: string; lines: OrderLine[] };

const LATEST = 400;

/** What the clients of one run share: accounts, products and the orders they know of. */
export class Market {
  readonly http: Http;
  readonly admin: Session;
  readonly users: Session[];
  readonly wares: Ware[];
  readonly pending: Pending[] = [];
  readonly #receipts: Receipt[] = [];

  private constructor(http: Http, admin: Session, users: Session[], wares: Ware[]) {
    this.http = http;
    this.admin = admin;
    this.users = users;
    this.wares = wares;
  }

  /** Registers the users and makes the products; nothing fails yet. Throws where the API does not answer all the same. */
  static async open(http: Http, account: { email: string; password: string }): Promise<Market> {
    const admin = new Session(http, account);
    await admin.open();
    const users = await Promise.all(Array.from({ length: USERS }, (_, index) => Session.register(http, index)));
    const shelves = [SCARCE, PLENTY].flatMap((shelf) => Array.from({ length: shelf.count }, () => shelf));
    const wares = await Promise.all(
      shelves.map(async (shelf, index): Promise<Ware> => {
        const id = await addProduct(http, admin, index, shelf.stock);
        return { id, stock: shelf.stock, isScarce: shelf === SCARCE };
      }),
    );
    return new Market(http, admin, users, wares);
  }

  /** One to three lines, some of one product twice, a fifth of the lines scarce. */
  basket(random: Random): OrderLine[] {
    const lines = Array.from({ length: random.int(1, 3) }, () => {
      const wantsScarce = random.chance(0.2);
      const { id: productId } = random.pick(this.wares.filter(({ isScarce }) => isScarce === wantsScarce));
      return { productId, quantity: random.int(1, 3) };
    });
    const [first] = lines;
    return first && random.chance(0.15) ? [...lines, { ...first }] : lines;
  }

  /** Notes an order that somebody may move, cancel or send again later. */
  keep(receipt: Receipt): void {
    this.#receipts.push(receipt);
    if (this.#receipts.length > LATEST) this.#receipts.shift();
  }

  /** Some order of the latest that fits. */
  receipt(random: Random, fits: (receipt: Receipt) => boolean): Receipt | undefined {
    const fitting = this.#receipts.filter(fits);
    return fitting.length > 0 ? random.pick(fitting) : undefined;
  }
}

const Created = z.object({ id: z.string() });

async function addProduct(http: Http, admin: Session, index: number, stock: number): Promise<string> {
  const body = { name: `Ware ${index}`, price: 1.25 * (index + 1), category: 'Chaos', stock };
  const { path } = productEndpoints.create;
  const call = await admin.ask('setup', { kind: 'account' }, { method: 'POST', path, body });
  return Created.parse(JSON.parse(bodyOf(call))).id;
}

/** The answer of a call that must have succeeded. */
export function bodyOf(call: Call): string {
  if (call.body === undefined) throw new Error(`${call.kind} was answered ${call.status} ${call.code ?? ''}`);
  return call.body;
}
