import { Injectable } from '@nestjs/common';
import { AppError, type CallInput, productContracts, type Reservation } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';

/** The holds of one attempt. */
export type Holds = CallInput<typeof productContracts.release>;

/** The stock side of an order. */
@Injectable()
export class ProductClient {
  constructor(private readonly rpc: RpcClient) {}

  /** Throws `PRODUCT_NOT_FOUND`; without an answer `SERVICE_UNAVAILABLE`, since whoever calls has placed nothing yet. */
  async reserve(request: CallInput<typeof productContracts.reserve>): Promise<Reservation> {
    try {
      return await this.rpc.call(productContracts.reserve, request);
    } catch (error) {
      throw isRefusal(error) ? error : nothingPlaced(error);
    }
  }

  async release(holds: Holds): Promise<void> {
    await this.rpc.call(productContracts.release, holds);
  }

  /** Throws `PRODUCT_NOT_FOUND`. Asked again, it changes nothing more. */
  async restock(sold: CallInput<typeof productContracts.restock>): Promise<void> {
    await this.rpc.call(productContracts.restock, sold);
  }

  async settle(holds: Holds[]): Promise<void> {
    await this.rpc.call(productContracts.settle, { holds });
  }
}

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.status < 500;

function nothingPlaced(cause: unknown): AppError {
  const retryAfter = (cause instanceof AppError && cause.retryAfter) || 1;
  const message = 'The stock could not be taken; nothing was placed.';
  return new AppError('SERVICE_UNAVAILABLE', { message, retryAfter, cause });
}
