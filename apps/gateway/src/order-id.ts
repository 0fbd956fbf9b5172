import { createHash, randomBytes } from 'node:crypto';

const DIGITS = 32;

/** The order that a user's Idempotency-Key stands for: the same for ever, and nobody else's (DESIGN §5.1). */
export const orderIdOf = (userId: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['POST /api/orders', userId, key]))
    .digest('hex')
    .slice(0, DIGITS);

/** Drawn once per HTTP request without a key, so that a message which is delivered twice is a second try at one order. */
export const drawOrderId = (): string => randomBytes(DIGITS / 2).toString('hex');
