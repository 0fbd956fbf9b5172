import { NoRespondersError, RequestError } from '@nats-io/nats-core';

/** Nobody listens to the subject. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());

/** All that `answers` yields; nothing where nobody listens. */
export async function heard<T>(answers: () => Promise<AsyncIterable<T>>): Promise<T[]> {
  try {
    return await Array.fromAsync(await answers());
  } catch (error) {
    if (isNobodyThere(error)) return [];
    throw error;
  }
}
