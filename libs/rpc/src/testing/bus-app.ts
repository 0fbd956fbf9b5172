import type { INestApplicationContext, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PlatformModule } from '@souk/platform';
import { RpcClient } from '../rpc.client.ts';
import { RpcModule } from '../rpc.module.ts';
import type { RpcOptions } from '../rpc.options.ts';
import { RpcServer } from '../rpc.server.ts';

/** A process on the bus, without HTTP: `name` is its queue group, `controllers` what it answers. */
export async function startOnBus(
  name: string,
  url: string,
  controllers: Type[] = [],
  options: Partial<RpcOptions> = {},
) {
  @Module({ imports: [PlatformModule, RpcModule.forRoot({ name, url, ...options })], controllers })
  class BusApp {}

  const app = await NestFactory.create(BusApp, new FastifyAdapter(), { logger: false, abortOnError: false });
  app.connectMicroservice({ strategy: app.get(RpcServer) }, { inheritAppConfig: true });
  await app.init();
  await app.startAllMicroservices();
  return { app: app as INestApplicationContext, rpc: app.get(RpcClient), [Symbol.asyncDispose]: () => app.close() };
}
