import { type ExecutionContext, Injectable } from '@nestjs/common';
import { TokenExpiredError } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { AppError } from '@souk/contracts';
import { isPublic } from './access.decorators.ts';

/** Default deny: a route that is not `@Public()` needs a valid access token. */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    return isPublic(context) || Boolean(await super.canActivate(context));
  }

  /** Passport tells its failures by `info`; the caller reads our words and not the library's. */
  override handleRequest<P>(error: unknown, principal: P | false | null, info: unknown): P {
    if (error) throw error;
    if (principal) return principal;
    throw new AppError(info instanceof TokenExpiredError ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED');
  }
}
