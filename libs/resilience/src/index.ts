export * from './circuit-breakers.ts';
