import { bootstrap } from '@souk/platform';
import { RpcServer } from '@souk/rpc';
import { UserEnv } from './env.ts';
import { UserModule } from './user.module.ts';

await bootstrap({
  name: 'user',
  home: `${import.meta.dirname}/..`,
  env: UserEnv,
  module: (env) => UserModule.with(env),
  transport: RpcServer,
});
