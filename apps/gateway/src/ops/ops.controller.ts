import { Controller, Get, Header, Sse } from '@nestjs/common';
import { HealthService } from '@souk/platform';
import { from, map, type Observable, takeUntil } from 'rxjs';
import { OpsBoard } from './ops.board.ts';
import { opsPage } from './ops.page.ts';

/** A page to look at, on the private port. */
@Controller('ops')
export class OpsController {
  constructor(
    private readonly board: OpsBoard,
    private readonly health: HealthService,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  )
  page(): string {
    return opsPage;
  }

  /** Ends when this gateway goes: it must not wait for those who look on. */
  @Sse('events')
  events(): Observable<{ data: object }> {
    return this.board.snapshots.pipe(
      takeUntil(from(this.health.draining)),
      map((data) => ({ data })),
    );
  }
}
