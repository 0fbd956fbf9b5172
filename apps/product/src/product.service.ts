import { Inject, Injectable } from '@nestjs/common';
import {
  AppError,
  CATALOGUE_TAG,
  catalogueChanged,
  type HandlerInput,
  type NewProduct,
  type Product,
  type productContracts,
  type ProductQuery,
  productTag,
} from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { ENV, type ProductEnv } from './env.ts';
import { planChange, type ProductRow, touchesListing } from './product-change.ts';
import { newProduct } from './new-product.ts';
import { cursorAfter } from './product-sort.ts';
import { ProductRepository } from './product.repository.ts';

type ImportInput = HandlerInput<typeof productContracts.import>;
type UpdateInput = HandlerInput<typeof productContracts.update>;

/** How often a change is planned anew because another got in between. */
const MAX_TRIES = 5;

/** The catalogue. Every write is announced before it is answered: whoever reads after the answer reads the change. */
@Injectable()
export class ProductService {
  constructor(
    private readonly products: ProductRepository,
    private readonly rpc: RpcClient,
    @Inject(ENV) private readonly env: Pick<ProductEnv, 'CURRENCY'>,
  ) {}

  async list(query: ProductQuery) {
    const rows = await this.products.list(query);
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = last && rows.length > query.limit ? cursorAfter(query.sort, last) : null;
    return { items: page.map((row) => this.#toProduct(row)), nextCursor };
  }

  async get(id: string): Promise<Product> {
    return this.#toProduct(await this.#existing(id));
  }

  async categories() {
    return { items: await this.products.categories() };
  }

  async create(product: NewProduct): Promise<Product> {
    const document = newProduct(product);
    await this.products.insert(document);
    const created = this.#toProduct(document);
    this.#announce([productTag(created.id), CATALOGUE_TAG]);
    return created;
  }

  // All are announced, also those that exist: an earlier import that was not answered may have written them.
  async import({ products }: ImportInput) {
    const created = await this.products.insertMissing(products.map(({ id, ...product }) => newProduct(product, id)));
    this.#announce([...products.map(({ id }) => productTag(id)), CATALOGUE_TAG]);
    return { created };
  }

  async update({ id, changes }: UpdateInput): Promise<Product> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.#existing(id);
      const after = await this.products.change(id, planChange(before, changes));
      if (!after) continue;
      const enters = after.stock > 0 && before.stock === 0;
      this.#announce([productTag(id), ...(enters || touchesListing(changes) ? [CATALOGUE_TAG] : [])]);
      return this.#toProduct(after);
    }
    throw new AppError('OVERLOADED', { message: 'The product is being changed by others.', retryAfter: 1 });
  }

  async remove(id: string) {
    if (!(await this.products.archive(id))) throw notFound(id);
    this.#announce([productTag(id), CATALOGUE_TAG]);
    return { id };
  }

  async #existing(id: string): Promise<ProductRow> {
    const product = await this.products.find(id);
    if (!product) throw notFound(id);
    return product;
  }

  #announce(tags: string[]): void {
    this.rpc.publish(catalogueChanged, { tags, at: new Date().toISOString() });
  }

  #toProduct({
    _id,
    name,
    description,
    category,
    brand,
    price,
    stock,
    revision,
    createdAt,
    updatedAt,
  }: ProductRow): Product {
    return {
      id: _id,
      name,
      description,
      category,
      brand,
      price,
      currency: this.env.CURRENCY,
      stock,
      revision,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

const notFound = (id: string): AppError => new AppError('PRODUCT_NOT_FOUND', { details: { productId: id } });
