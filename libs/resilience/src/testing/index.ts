export { measurePolicyCost } from './policy-cost.ts';
