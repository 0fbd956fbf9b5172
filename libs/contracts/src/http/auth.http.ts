import { endpoint } from '../endpoint.ts';
import { Credentials, RefreshRequest, Registration, Session, User } from '../user.ts';

export const authEndpoints = {
  register: endpoint('POST', '/api/auth/register', {
    summary: 'Create an account',
    tag: 'Auth',
    access: 'public',
    body: Registration,
    status: 201,
    response: Session,
    errors: ['EMAIL_TAKEN'],
    priority: 'login',
  }),
  login: endpoint('POST', '/api/auth/login', {
    summary: 'Log in with e-mail and password',
    tag: 'Auth',
    access: 'public',
    body: Credentials,
    response: Session,
    errors: ['INVALID_CREDENTIALS'],
    priority: 'login',
  }),
  refresh: endpoint('POST', '/api/auth/refresh', {
    summary: 'Exchange a refresh token for new tokens',
    tag: 'Auth',
    access: 'public',
    body: RefreshRequest,
    response: Session,
    errors: ['UNAUTHENTICATED'],
    priority: 'login',
  }),
  profile: endpoint('GET', '/api/auth/profile', {
    summary: 'The account the token belongs to',
    tag: 'Auth',
    access: 'user',
    response: User,
    priority: 'profile',
  }),
};
