import { randomBytes } from 'node:crypto';

/** The id of a new document: 24 hexadecimal digits, a string in the store as on the bus. */
export const drawId = (): string => randomBytes(12).toString('hex');
