import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Role } from '@souk/contracts';

const PUBLIC = 'souk:auth:public';
const ROLES = 'souk:auth:roles';

// Typed for methods alone: the guards read nothing from classes, so `@Roles` on one would protect nothing.

/** This route needs no token. Every other one does. */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC, true);

/** Only accounts with one of these roles may call this route. */
export const Roles = (...roles: Role[]): MethodDecorator => SetMetadata(ROLES, roles);

export const isPublic = (context: ExecutionContext): boolean =>
  Reflect.getMetadata(PUBLIC, context.getHandler()) === true;

export const rolesOf = (context: ExecutionContext): readonly Role[] | undefined =>
  Reflect.getMetadata(ROLES, context.getHandler());
