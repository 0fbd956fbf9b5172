import { bootstrap } from '@souk/platform';
import { RpcServer } from '@souk/rpc';
import { ProductEnv } from './env.ts';
import { ProductModule } from './product.module.ts';

await bootstrap({
  name: 'product',
  home: `${import.meta.dirname}/..`,
  env: ProductEnv,
  module: (env) => ProductModule.with(env),
  transport: RpcServer,
});
