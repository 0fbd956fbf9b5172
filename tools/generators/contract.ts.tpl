import { z } from 'zod';
import { contract } from './contract.ts';

export const __name__Contracts = {
  greet: contract('__name__.greet', {
    input: z.strictObject({ name: z.string().min(1).max(100) }),
    output: z.object({ greeting: z.string() }),
    idempotent: true,
    actsFor: 'nobody',
    errors: [],
  }),
};
