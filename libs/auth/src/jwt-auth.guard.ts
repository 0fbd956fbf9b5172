import { type ExecutionContext, Injectable } from '@nestjs/common';
import { TokenExpiredError } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { AppError } from '@souk/contracts';
import { currentContext } from '@souk/platform';
import { isPublic } from './access.decorators.ts';
import { currentUser } from './current-user.decorator.ts';

/** Default deny: a route that is not `@Public()` needs a valid access token. */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (isPublic(context)) return true;
    const isKnown = Boolean(await super.canActivate(context));
    const request = currentContext();
    if (isKnown && request) request.actingUser = currentUser(context);
    return isKnown;
  }

  /** Passport tells its failures by `info`; the caller reads our words and not the library's. */
  override handleRequest<P>(error: unknown, principal: P | false | null, info: unknown): P {
    if (error) throw error;
    if (principal) return principal;
    throw new AppError(info instanceof TokenExpiredError ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED');
  }
}
