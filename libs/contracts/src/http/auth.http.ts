import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Credentials, PasswordChange, RefreshRequest, Registration, Session, User } from '../user.ts';

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
  logout: endpoint('POST', '/api/auth/logout', {
    summary: 'End the session of the token',
    tag: 'Auth',
    access: 'user',
    status: 204,
    response: z.undefined(),
    priority: 'login',
  }),
  logoutAll: endpoint('POST', '/api/auth/logout-all', {
    summary: 'End all sessions of the account',
    tag: 'Auth',
    access: 'user',
    status: 204,
    response: z.undefined(),
    priority: 'login',
  }),
  changePassword: endpoint('POST', '/api/auth/password', {
    summary: 'Change the password; ends all sessions and begins a new one',
    tag: 'Auth',
    access: 'user',
    body: PasswordChange,
    response: Session,
    errors: ['INVALID_CREDENTIALS'],
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
