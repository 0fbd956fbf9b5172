import { bootstrap } from '@souk/platform';
import { RpcServer } from '@souk/rpc';
import { hashGently } from './hashing-threads.ts';
import { UserEnv } from './env.ts';
import { UserModule } from './user.module.ts';

await hashGently();
await bootstrap({
  name: 'user',
  home: `${import.meta.dirname}/..`,
  env: UserEnv,
  module: (env) => UserModule.with(env),
  transport: RpcServer,
});
