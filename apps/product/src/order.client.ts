import { Injectable } from '@nestjs/common';
import { type CallInput, orderContracts, type Reply } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';

/** The order side of a hold. */
@Injectable()
export class OrderClient {
  constructor(private readonly rpc: RpcClient) {}

  resolve(
    attempts: CallInput<typeof orderContracts.resolve>['attempts'],
  ): Promise<Reply<typeof orderContracts.resolve>> {
    return this.rpc.call(orderContracts.resolve, { attempts });
  }
}
