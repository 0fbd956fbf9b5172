import { NotFoundException } from '@nestjs/common';
import { AppError } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { toAppError } from './problem.filter.ts';

const withStatus = (statusCode: unknown) => Object.assign(new Error('inner text'), { statusCode });

describe('toAppError', () => {
  it('keeps what is known', () => {
    const error = new AppError('OUT_OF_STOCK');
    expect(toAppError(error)).toBe(error);
  });

  it.each([
    [new NotFoundException('Cannot GET /x'), 'ROUTE_NOT_FOUND'],
    [withStatus(400), 'MALFORMED_REQUEST'],
    [withStatus(413), 'PAYLOAD_TOO_LARGE'],
    [withStatus(415), 'UNSUPPORTED_MEDIA_TYPE'],
    [withStatus(200), 'INTERNAL'],
    [withStatus('400'), 'INTERNAL'],
    [new Error('driver text'), 'INTERNAL'],
    ['a string', 'INTERNAL'],
    [undefined, 'INTERNAL'],
  ])('names %s, and shows none of its text', (exception, code) => {
    const error = toAppError(exception);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error.toBody())).not.toMatch(/inner text|driver text|Cannot GET|a string/);
  });
});
