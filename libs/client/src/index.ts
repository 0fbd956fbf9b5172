export type { components, operations, paths } from './api.ts';
export * from './client.ts';
