import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { CurrentUser, type Principal } from '@souk/auth';
import {
  AppError,
  type EndpointInput,
  orderContracts,
  orderEndpoints,
  type OrderView,
  toOrderView,
} from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { Endpoint, Input } from './endpoint.decorator.ts';

@Controller()
export class OrderController {
  constructor(private readonly rpc: RpcClient) {}

  @Endpoint(orderEndpoints.place)
  async place(
    @Input() { body }: EndpointInput<typeof orderEndpoints.place>,
    @CurrentUser() { userId }: Principal,
  ): Promise<OrderView> {
    if (body.userId !== undefined && body.userId !== userId) {
      throw new AppError('FORBIDDEN', { message: 'userId: an order can only be placed for oneself.' });
    }
    const { order } = await this.rpc.call(orderContracts.place, { orderId: drawOrderId(), userId, items: body.items });
    return toOrderView(order);
  }

  @Endpoint(orderEndpoints.list)
  async list(@Input() { query }: EndpointInput<typeof orderEndpoints.list>, @CurrentUser() { userId }: Principal) {
    const { items, nextCursor } = await this.rpc.call(orderContracts.list, { ...query, userId });
    return { items: items.map(toOrderView), nextCursor };
  }

  @Endpoint(orderEndpoints.get)
  async get(
    @Input() { params }: EndpointInput<typeof orderEndpoints.get>,
    @CurrentUser() { userId }: Principal,
  ): Promise<OrderView> {
    return toOrderView(await this.rpc.call(orderContracts.get, { orderId: params.id, userId }));
  }
}

// Drawn once per HTTP request, so a message that is delivered twice is a second try at the same order (DESIGN §5).
const drawOrderId = (): string => randomBytes(16).toString('hex');
