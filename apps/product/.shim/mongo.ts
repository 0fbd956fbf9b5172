export * from '../../../libs/mongo/src/index.ts';
export * from '../../../libs/mongo/src/cursor.ts';
