import { FastifyAdapter } from '@nestjs/platform-fastify';
import { bootstrap } from '@souk/platform';
import { GatewayEnv } from './env.ts';
import { GatewayModule } from './gateway.module.ts';
import { configureHttp, httpOptions } from './http.ts';
import { OpsModule } from './ops/ops.module.ts';

await bootstrap({
  name: 'gateway',
  home: `${import.meta.dirname}/..`,
  env: GatewayEnv,
  module: (env) => GatewayModule.with(env),
  adapter: (env) => new FastifyAdapter(httpOptions(env)),
  configure: configureHttp,
  ops: ({ OPS_PORT }, main) => ({ module: OpsModule.beside(main), port: OPS_PORT }),
});
