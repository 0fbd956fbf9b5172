import { createHash } from 'node:crypto';

/** Written down a second time on purpose: which order a key stands for is a promise, for ever (DESIGN §5.1). */
export const orderIdOf = (userId: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['POST /api/orders', userId, key]))
    .digest('hex')
    .slice(0, 32);
