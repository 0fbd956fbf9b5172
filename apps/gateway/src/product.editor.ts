import { Injectable } from '@nestjs/common';
import { etagOf } from '@souk/cache';
import {
  AppError,
  type Product,
  type ProductChanges,
  productContracts,
  type ProductPatch,
  toProductView,
} from '@souk/contracts';
import { RpcClient } from '@souk/rpc';

/** Changes to a product as an admin writes them, made safe against those who write at the same time. */
@Injectable()
export class ProductEditor {
  constructor(private readonly rpc: RpcClient) {}

  async update(id: string, { stock, stockDelta, ...fields }: ProductChanges, ifMatch?: string): Promise<Product> {
    const changes: ProductPatch = { ...fields };
    if (stockDelta !== undefined) changes.stock = { delta: stockDelta };
    if (stock !== undefined) changes.stock = { set: stock, ifRevision: await this.#revisionOf(id, ifMatch) };
    return this.rpc.call(productContracts.update, { id, changes });
  }

  // The ETag is a hash of the body, the store compares revisions: the body is read anew to tie one to the other.
  async #revisionOf(id: string, ifMatch: string | undefined): Promise<number> {
    if (ifMatch === undefined) throw new AppError('PRECONDITION_REQUIRED');
    const product = await this.rpc.call(productContracts.get, { id });
    if (etagOf(JSON.stringify(toProductView(product))) !== strong(ifMatch)) throw new AppError('PRECONDITION_FAILED');
    return product.revision;
  }
}

// A proxy that compresses weakens the ETag on its way out; the hash under it still names one body.
const strong = (etag: string): string => etag.replace(/^W\//, '');
