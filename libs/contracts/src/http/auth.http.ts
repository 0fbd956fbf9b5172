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
  }),
  login: endpoint('POST', '/api/auth/login', {
    summary: 'Log in with e-mail and password',
    tag: 'Auth',
    access: 'public',
    body: Credentials,
    response: Session,
    errors: ['INVALID_CREDENTIALS'],
  }),
  refresh: endpoint('POST', '/api/auth/refresh', {
    summary: 'Exchange a refresh token for new tokens',
    tag: 'Auth',
    access: 'public',
    body: RefreshRequest,
    response: Session,
    errors: ['UNAUTHENTICATED'],
  }),
  profile: endpoint('GET', '/api/auth/profile', {
    summary: 'The account the token belongs to',
    tag: 'Auth',
    access: 'user',
    response: User,
  }),
};
