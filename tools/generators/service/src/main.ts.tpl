import { bootstrap } from '@souk/platform';
import { RpcServer } from '@souk/rpc';
import { __Name__Env } from './env.ts';
import { __Name__Module } from './__name__.module.ts';

await bootstrap({
  name: '__name__',
  home: `${import.meta.dirname}/..`,
  env: __Name__Env,
  module: (env) => __Name__Module.with(env),
  transport: RpcServer,
});
