export * from './adaptive-limit.ts';
export * from './admission.ts';
export * from './circuit-breakers.ts';
export * from './retry-budget.ts';
