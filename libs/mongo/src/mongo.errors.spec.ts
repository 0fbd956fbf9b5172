import { AppError } from '@souk/contracts';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { storeError, unknownOutcome } from './mongo.errors.ts';

const unanswered = [
  new mongo.MongoNetworkTimeoutError('connection 1 to 127.0.0.1:27017 timed out', {}),
  new mongo.MongoNetworkError('connection 1 to 127.0.0.1:27017 closed'),
  // As Node makes it; the driver does not wrap it.
  Object.assign(new Error('write ECONNRESET'), { errno: -104, code: 'ECONNRESET', syscall: 'write' }),
];

describe('what the driver throws', () => {
  it.each(unanswered)('is SERVICE_UNAVAILABLE to a caller where the store gave no answer: $message', (error) => {
    expect(storeError(error)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: 1, cause: error });
  });

  it.each(unanswered)('leaves the outcome of a write unknown where the store gave no answer: $message', (error) => {
    expect(() => unknownOutcome(error)).toThrow(new AppError('DEADLINE_EXCEEDED'));
  });

  it('stays what it is where the store answered', () => {
    const refused = new mongo.MongoServerError({ code: 11_000, message: 'E11000' });
    expect(storeError(refused)).toBe(refused);
    expect(() => unknownOutcome(refused)).toThrow(refused);
  });
});
