export * from './mongo.errors.ts';
export * from './mongo.module.ts';
