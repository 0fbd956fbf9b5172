export * from './cursor.ts';
export * from './mongo.errors.ts';
export * from './mongo.module.ts';
