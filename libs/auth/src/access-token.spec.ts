import { EnvError, parseEnv } from '@souk/platform';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JwtSecret } from './index.ts';

const schema = z.object({ JWT_SECRET: JwtSecret });

describe('JWT_SECRET', () => {
  it('is 32 bytes or more, counted as UTF-8', () => {
    expect(parseEnv(schema, { JWT_SECRET: 'x'.repeat(32) }).JWT_SECRET).toHaveLength(32);
    expect(parseEnv(schema, { JWT_SECRET: 'é'.repeat(16) }).JWT_SECRET).toHaveLength(16);
  });

  it.each([[undefined], [''], ['x'.repeat(31)]])('stops the start, named but not shown, when it is %j', (value) => {
    const start = () => parseEnv(schema, { JWT_SECRET: value });
    expect(start).toThrow(EnvError);
    expect(start).toThrow(/JWT_SECRET: .*32 bytes/);
    expect(start).not.toThrow(/xxx/);
  });
});
