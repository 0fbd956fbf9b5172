import { randomUUID } from 'node:crypto';
import { Controller, Res } from '@nestjs/common';
import { CurrentUser, type Principal } from '@souk/auth';
import {
  AppError,
  type CallInput,
  type EndpointInput,
  orderContracts,
  orderEndpoints,
  type OrderView,
  toOrderView,
} from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import type { FastifyReply } from 'fastify';
import { Endpoint, Input } from './endpoint.decorator.ts';
import { drawOrderId, orderIdOf } from './order-id.ts';

@Controller()
export class OrderController {
  constructor(private readonly rpc: RpcClient) {}

  @Endpoint(orderEndpoints.place)
  async place(
    @Input() { headers, body }: EndpointInput<typeof orderEndpoints.place>,
    @CurrentUser() { userId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    if (body.userId !== undefined && body.userId !== userId) {
      throw new AppError('FORBIDDEN', { message: 'userId: an order can only be placed for oneself.' });
    }
    const key = headers['idempotency-key'];
    const orderId = key === undefined ? drawOrderId() : orderIdOf(userId, key);
    const { order, replayed } = await this.rpc.call(orderContracts.place, { orderId, userId, items: body.items });
    // Without a key only the gateway itself can have asked before, and nobody was answered yet.
    if (replayed && key !== undefined) reply.header('idempotent-replayed', 'true');
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

  @Endpoint(orderEndpoints.cancel)
  async cancel(
    @Input() { params }: EndpointInput<typeof orderEndpoints.cancel>,
    @CurrentUser() { userId }: Principal,
  ): Promise<OrderView> {
    return toOrderView(await this.rpc.call(orderContracts.cancel, { orderId: params.id, userId }));
  }

  @Endpoint(orderEndpoints.pay)
  pay(@Input() { params }: EndpointInput<typeof orderEndpoints.pay>): Promise<OrderView> {
    return this.#move(params.id, 'paid');
  }

  @Endpoint(orderEndpoints.ship)
  ship(@Input() { params }: EndpointInput<typeof orderEndpoints.ship>): Promise<OrderView> {
    return this.#move(params.id, 'shipped');
  }

  @Endpoint(orderEndpoints.deliver)
  deliver(@Input() { params }: EndpointInput<typeof orderEndpoints.deliver>): Promise<OrderView> {
    return this.#move(params.id, 'delivered');
  }

  async #move(orderId: string, to: CallInput<typeof orderContracts.move>['to']): Promise<OrderView> {
    return toOrderView(await this.rpc.call(orderContracts.move, { orderId, moveId: randomUUID(), to }));
  }
}
