import { Controller, Get } from '@nestjs/common';
import { HealthService } from './health.service.ts';

/** Health on a service's private port. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  summary() {
    return this.health.ready();
  }

  @Get('live')
  live() {
    return this.health.live();
  }

  @Get('ready')
  ready() {
    return this.health.ready();
  }
}
