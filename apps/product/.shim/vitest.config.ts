import { mergeConfig } from 'vitest/config';
import base from '../../../vitest.config.ts';
export default (env: any) => mergeConfig((base as any)(env), { resolve: { alias: [{ find: /^@souk\/mongo$/, replacement: '/work/main/apps/product/.shim/mongo.ts' }] } });
