import { set } from 'mongoose';

/** A query as Mongoose sends it. */
export interface Find {
  filter: Record<string, unknown>;
  sort: Record<string, 1 | -1>;
}

/** The queries that `work` really sends. */
export async function findsOf(work: () => Promise<unknown>): Promise<Find[]> {
  const finds: Find[] = [];
  set('debug', (_collection: string, method: string, filter: Find['filter'], options: { sort?: Find['sort'] } = {}) => {
    if (method.startsWith('find')) finds.push({ filter, sort: options.sort ?? {} });
  });
  try {
    await work();
  } finally {
    set('debug', false);
  }
  return finds;
}
