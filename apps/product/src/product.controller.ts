import { Controller } from '@nestjs/common';
import { type HandlerInput, productContracts as contracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { ProductService } from './product.service.ts';
import { ReservationService } from './reservation.service.ts';
import { RestockService } from './restock.service.ts';

@Controller()
export class ProductController {
  constructor(
    private readonly products: ProductService,
    private readonly reservations: ReservationService,
    private readonly restocks: RestockService,
  ) {}

  @Handles(contracts.list)
  list(query: HandlerInput<typeof contracts.list>) {
    return this.products.list(query);
  }

  @Handles(contracts.get)
  get({ id }: HandlerInput<typeof contracts.get>) {
    return this.products.get(id);
  }

  @Handles(contracts.categories)
  categories() {
    return this.products.categories();
  }

  @Handles(contracts.create)
  create(product: HandlerInput<typeof contracts.create>) {
    return this.products.create(product);
  }

  @Handles(contracts.import)
  import(input: HandlerInput<typeof contracts.import>) {
    return this.products.import(input);
  }

  @Handles(contracts.update)
  update(input: HandlerInput<typeof contracts.update>) {
    return this.products.update(input);
  }

  @Handles(contracts.remove)
  remove({ id }: HandlerInput<typeof contracts.remove>) {
    return this.products.remove(id);
  }

  @Handles(contracts.reserve)
  reserve(input: HandlerInput<typeof contracts.reserve>) {
    return this.reservations.reserve(input);
  }

  @Handles(contracts.release)
  release(input: HandlerInput<typeof contracts.release>) {
    return this.reservations.release(input);
  }

  @Handles(contracts.settle)
  settle(input: HandlerInput<typeof contracts.settle>) {
    return this.reservations.settle(input);
  }

  @Handles(contracts.restock)
  restock(input: HandlerInput<typeof contracts.restock>) {
    return this.restocks.restock(input);
  }
}
