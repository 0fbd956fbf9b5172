import { Controller } from '@nestjs/common';
import { type HandlerInput, orderContracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { OrderPlacer } from './order.placer.ts';
import { OrderService } from './order.service.ts';

@Controller()
export class OrderController {
  constructor(
    private readonly placer: OrderPlacer,
    private readonly orders: OrderService,
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
}
