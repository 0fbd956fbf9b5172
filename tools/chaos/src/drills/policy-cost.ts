import { measurePolicyCost } from '@souk/resilience/testing';
import { atMost, type Drill } from './drill.ts';

export const policyCost: Drill = {
  title: 'What the policies cost a call',
  async run() {
    const { microsecondsPerCall } = await measurePolicyCost();
    return [atMost('admission, breaker, timeout and retry budget, a call', microsecondsPerCall, 20, 'µs')];
  },
};
