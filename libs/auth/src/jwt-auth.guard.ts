import { type ExecutionContext, Injectable } from '@nestjs/common';
import { TokenExpiredError } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { AppError } from '@souk/contracts';
import { currentContext } from '@souk/platform';
import { isPublic } from './access.decorators.ts';
import type { Principal } from './access-token.ts';
import { bearerToken, type BearerRequest } from './bearer-token.ts';
import { currentUser } from './current-user.decorator.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Default deny: a route that is not `@Public()` needs a valid access token. */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  readonly #verified: VerifiedTokens;

  constructor(verified: VerifiedTokens) {
    super();
    this.#verified = verified;
  }

  // Not a promise where none is needed: each is waited for.
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (isPublic(context)) return true;
    return this.#isVerified(context) ? actAsCurrentUser(context) : this.#verify(context);
  }

  async #verify(context: ExecutionContext): Promise<boolean> {
    return Boolean(await super.canActivate(context)) && actAsCurrentUser(context);
  }

  /** Passport tells its failures by `info`; the caller reads our words and not the library's. */
  override handleRequest<P>(error: unknown, principal: P | false | null, info: unknown): P {
    if (error) throw error;
    if (principal) return principal;
    throw new AppError(info instanceof TokenExpiredError ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED');
  }

  #isVerified(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<BearerRequest & { user?: Principal }>();
    const token = bearerToken(request);
    const principal = token === null ? undefined : this.#verified.find(token);
    if (principal) request.user = principal;
    return principal !== undefined;
  }
}

function actAsCurrentUser(context: ExecutionContext): true {
  const request = currentContext();
  if (request) request.actingUser = currentUser(context);
  return true;
}
