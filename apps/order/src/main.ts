import { bootstrap } from '@souk/platform';
import { RpcServer } from '@souk/rpc';
import { OrderEnv } from './env.ts';
import { OrderModule } from './order.module.ts';

await bootstrap({
  name: 'order',
  home: `${import.meta.dirname}/..`,
  env: OrderEnv,
  module: (env) => OrderModule.with(env),
  transport: RpcServer,
});
