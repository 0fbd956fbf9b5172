import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import type { Principal } from './access-token.ts';

/** Who sends the request. Throws `UNAUTHENTICATED` where nobody proved who they are, as on a public route. */
export function currentUser(context: ExecutionContext): Principal {
  const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
  if (!user) throw new AppError('UNAUTHENTICATED');
  return user;
}

/** Parameter decorator: the `Principal` of the request. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => currentUser(context));
