import { Injectable } from '@nestjs/common';
import { TieredCache } from '@souk/cache';
import { User, userContracts } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';

/** The user profile, cached by user. */
@Injectable()
export class ProfileCache {
  constructor(
    private readonly cache: TieredCache,
    private readonly rpc: RpcClient,
  ) {}

  async read(userId: string): Promise<User> {
    const { entry } = await this.cache.read(`profile:${userId}`, {}, async () => ({
      body: JSON.stringify(await this.rpc.call(userContracts.get, { userId })),
      tags: [`user:${userId}`],
    }));
    return User.parse(JSON.parse(entry.body));
  }
}
