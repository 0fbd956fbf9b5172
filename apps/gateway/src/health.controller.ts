import { Controller } from '@nestjs/common';
import { type EndpointInput, healthEndpoints } from '@souk/contracts';
import { HealthService } from '@souk/platform';
import { Endpoint, Input } from './endpoint.decorator.ts';

@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Endpoint(healthEndpoints.summary)
  summary(@Input() _: EndpointInput<typeof healthEndpoints.summary>) {
    return this.health.ready();
  }

  @Endpoint(healthEndpoints.live)
  live(@Input() _: EndpointInput<typeof healthEndpoints.live>) {
    return this.health.live();
  }

  @Endpoint(healthEndpoints.ready)
  ready(@Input() _: EndpointInput<typeof healthEndpoints.ready>) {
    return this.health.ready();
  }
}
