import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Principal } from '@souk/auth';
import { Revocations } from './revocations.ts';

/** Refuses access tokens that were taken back. Runs after `JwtAuthGuard`. */
@Injectable()
export class RevocationGuard implements CanActivate {
  constructor(private readonly revocations: Revocations) {}

  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
    if (user) this.revocations.check(user);
    return true;
  }
}
