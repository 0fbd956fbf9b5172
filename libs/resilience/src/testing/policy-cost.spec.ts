import { describe, expect, it } from 'vitest';
import { measurePolicyCost } from './policy-cost.ts';

describe('measurePolicyCost', () => {
  it('tells microseconds a call', async () => {
    const { microsecondsPerCall } = await measurePolicyCost();
    expect(microsecondsPerCall).toBeGreaterThan(0);
  });
});
