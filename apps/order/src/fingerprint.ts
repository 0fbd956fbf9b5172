import { createHash } from 'node:crypto';
import type { OrderLine } from '@souk/contracts';

/** Tells whether two tries at one order ask for the same: SHA-256 of the canonical lines, as hexadecimal digits. */
export const fingerprintOf = (canonical: readonly OrderLine[]): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical.map(({ productId, quantity }) => [productId, quantity])))
    .digest('hex');
