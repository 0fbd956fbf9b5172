import { Controller } from '@nestjs/common';
import { type HandlerInput, orderContracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { AttemptResolver } from './attempt.resolver.ts';
import { OrderMover } from './order.mover.ts';
import { OrderPlacer } from './order.placer.ts';
import { OrderService } from './order.service.ts';

@Controller()
export class OrderController {
  constructor(
    private readonly placer: OrderPlacer,
    private readonly orders: OrderService,
    private readonly mover: OrderMover,
    private readonly resolver: AttemptResolver,
  ) {}

  @Handles(orderContracts.place)
  place(input: HandlerInput<typeof orderContracts.place>) {
    return this.placer.place(input);
  }

  @Handles(orderContracts.get)
  get(input: HandlerInput<typeof orderContracts.get>) {
    return this.orders.get(input);
  }

  @Handles(orderContracts.list)
  list(input: HandlerInput<typeof orderContracts.list>) {
    return this.orders.list(input);
  }

  @Handles(orderContracts.cancel)
  cancel(input: HandlerInput<typeof orderContracts.cancel>) {
    return this.mover.cancel(input);
  }

  @Handles(orderContracts.move)
  move(input: HandlerInput<typeof orderContracts.move>) {
    return this.mover.move(input);
  }

  @Handles(orderContracts.resolve)
  resolve(input: HandlerInput<typeof orderContracts.resolve>) {
    return this.resolver.resolve(input);
  }
}
