import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const Product = z.looseObject({ id: z.string(), name: z.string(), price: z.number() });
const Page = z.object({ items: z.array(Product), nextCursor: z.string().nullable() });
const Session = z.object({ accessToken: z.string() });
export type Product = z.infer<typeof Product>;

const Imported = z.object({ created: z.number() });

const PASSWORD = 'pass123';

/** The API, as far as a measurement has to prepare something in it. Throws where it is not answered as documented. */
export class Shop {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** Up to `count` products, and for each page of twenty of them its path. */
  async catalogue(count: number): Promise<{ products: Product[]; pages: string[] }> {
    const products: Product[] = [];
    const pages: string[] = [];
    for (let path = '/api/products?limit=20'; products.length < count;) {
      const { items, nextCursor } = Page.parse(await this.#ask('GET', path, 200));
      products.push(...items);
      pages.push(path);
      if (nextCursor === null) break;
      path = `/api/products?limit=20&cursor=${encodeURIComponent(nextCursor)}`;
    }
    return { products, pages };
  }

  /** Reads each path once, a few at a time, so that what is measured afterwards is not how caches are filled. */
  async warmUp(paths: readonly string[]): Promise<void> {
    const left = [...paths];
    const one = async () => {
      for (let path = left.pop(); path !== undefined; path = left.pop()) await this.text(path);
    };
    await Promise.all(Array.from({ length: 8 }, one));
  }

  text(path: string): Promise<string> {
    return fetch(this.#base + path).then((response) => response.text());
  }

  /** A new customer's credentials, as the body of a login. */
  async register(): Promise<string> {
    const credentials = { email: `bench-${randomUUID()}@load.test`, password: PASSWORD };
    await this.#ask('POST', '/api/auth/register', 201, JSON.stringify({ ...credentials, name: 'Bench' }));
    return JSON.stringify(credentials);
  }

  /** The headers of whom these credentials are. */
  async logIn(credentials: string): Promise<Record<string, string>> {
    const session = Session.parse(await this.#ask('POST', '/api/auth/login', 200, credentials));
    return { Authorization: `Bearer ${session.accessToken}` };
  }

  /** New products that do not run out; their ids. */
  async stock(count: number, admin: Record<string, string>): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID().replaceAll('-', '').slice(0, 24));
    await this.importAll(
      ids.map((id) => ({ id, name: `Bench ${id}`, price: 19.99, category: 'Bench', stock: 1_000_000 })),
      admin,
    );
    return ids;
  }

  async importAll(products: readonly object[], admin: Record<string, string>): Promise<void> {
    const lines = products.map((product) => JSON.stringify(product)).join('\n');
    const headers = { ...admin, 'Content-Type': 'application/x-ndjson' };
    const { created } = Imported.parse(await this.#ask('POST', '/api/products/import', 200, lines, headers));
    if (created !== products.length) throw new Error(`Of ${products.length} products ${created} were imported.`);
  }

  async setPrice(id: string, price: number, admin: Record<string, string>): Promise<void> {
    await this.#ask('PATCH', `/api/products/${id}`, 200, JSON.stringify({ price }), admin);
  }

  async priceOf(id: string): Promise<number> {
    return Product.parse(await this.#ask('GET', `/api/products/${id}`, 200)).price;
  }

  async #ask(method: string, path: string, status: number, body?: string, headers: Record<string, string> = {}) {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(this.#base + path, {
      method,
      headers: { ...type, ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}
