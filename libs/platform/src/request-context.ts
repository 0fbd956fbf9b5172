import { AsyncLocalStorage } from 'node:async_hooks';
import type { StoreCall } from '@souk/contracts';
import { newRequestId } from './request-id.ts';

/** The user for whom something is done. */
export interface ActingUser {
  userId: string;
  role: string;
}

/** What belongs to one request on its whole way: through HTTP, the bus and the logs. */
export interface RequestContext {
  requestId: string;
  /** W3C trace context, passed on as it came. */
  traceparent?: string | undefined;
  /** Known once a request is authenticated. */
  actingUser?: ActingUser | undefined;
  /** Milliseconds since the epoch after which nobody waits for the answer any more. */
  deadline?: number | undefined;
  /** Collects what the store was asked for this request, while somebody watches it. */
  storeCalls?: StoreCall[] | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;

/** Keeps a request id that is safe to log and to send on, and draws one otherwise. */
export const safeRequestId = (offered: string | undefined): string =>
  offered !== undefined && REQUEST_ID.test(offered) ? offered : newRequestId();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
export const currentContext = (): RequestContext | undefined => storage.getStore();

/** Milliseconds left for the current request; Infinity outside of one. */
export const remainingMs = (): number => (storage.getStore()?.deadline ?? Infinity) - Date.now();
