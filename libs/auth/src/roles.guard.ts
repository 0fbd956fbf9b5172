import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import { rolesOf } from './access.decorators.ts';
import { currentUser } from './current-user.decorator.ts';

/** Refuses accounts without a role the route asks for. Runs after `JwtAuthGuard`. */
@Injectable()
export class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const roles = rolesOf(context);
    if (roles && !roles.includes(currentUser(context).role)) throw new AppError('FORBIDDEN');
    return true;
  }
}
