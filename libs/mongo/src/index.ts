export * from './cursor.ts';
export * from './draw-id.ts';
export * from './driver-collection.ts';
export type { Migration } from './migrations.ts';
export * from './mongo.errors.ts';
export * from './mongo.module.ts';
