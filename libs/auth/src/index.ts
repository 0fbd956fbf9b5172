export { ACCESS_TOKEN_SECONDS, type Principal } from './access-token.ts';
export { Public, Roles } from './access.decorators.ts';
export * from './auth.module.ts';
export { CurrentUser } from './current-user.decorator.ts';
export * from './jwt-auth.guard.ts';
export * from './keys.ts';
export * from './roles.guard.ts';
export * from './token.module.ts';
export * from './token.service.ts';
