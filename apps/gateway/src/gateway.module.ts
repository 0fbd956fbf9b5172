import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { AuthModule, JwtAuthGuard, RolesGuard } from '@souk/auth';
import { HttpCacheInterceptor, TieredCache } from '@souk/cache';
import { AppError, catalogueChanged, services } from '@souk/contracts';
import { HealthService, PlatformModule } from '@souk/platform';
import { RpcClient, RpcModule } from '@souk/rpc';
import type { FastifyRequest } from 'fastify';
import { AuthController } from './auth.controller.ts';
import { ENV, type GatewayEnv } from './env.ts';
import { admitMiss, GATE, type Gate, gateOf } from './http.admission.ts';
import { HealthController } from './health.controller.ts';
import { OpsBoard } from './ops/ops.board.ts';
import { OrderController } from './order.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { ProductController } from './product.controller.ts';
import { ProductEditor } from './product.editor.ts';
import { ProductImporter } from './product.importer.ts';
import { ProfileCache } from './profile.cache.ts';
import { RateLimitGuard } from './rate-limit.guard.ts';
import { rateLimited } from './rate-limit.headers.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RevocationGuard } from './revocation.guard.ts';
import { Revocations } from './revocations.ts';

const CACHE_GRACE_MS = 60 * 60_000;

@Module({})
export class GatewayModule implements OnApplicationShutdown {
  constructor(
    private readonly cache: TieredCache,
    rpc: RpcClient,
    health: HealthService,
  ) {
    rpc.subscribe(
      catalogueChanged,
      ({ tags, at }) => void cache.invalidate(tags, at === undefined ? at : Date.parse(at)),
    );
    // What was announced while this gateway was cut off, or not there yet, has been missed.
    rpc.onReconnect(() => void cache.reset());
    void cache.reset();
    for (const name of services) health.add({ name, critical: false, check: () => rpc.ping(name) });
  }

  static with(env: GatewayEnv): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        PlatformModule,
        RpcModule.forRoot({ name: 'gateway', url: env.NATS_URL, retries: true }),
        AuthModule.forRoot(env.keyRing),
      ],
      controllers: [AuthController, ProductController, OrderController, HealthController],
      providers: [
        { provide: ENV, useValue: env },
        { provide: GATE, useFactory: () => gateOf(env.MAX_IN_FLIGHT) },
        { provide: TieredCache, useFactory: () => openCache(env) },
        { provide: OpsBoard, useFactory: (rpc: RpcClient) => new OpsBoard(rpc), inject: [RpcClient] },
        ProfileCache,
        ProductEditor,
        ProductImporter,
        Revocations,
        RateLimiter,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: JwtAuthGuard },
        { provide: APP_GUARD, useClass: RevocationGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_INTERCEPTOR, useFactory: httpCache, inject: [TieredCache, Reflector, RateLimiter, GATE] },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.cache.close();
  }
}

const openCache = ({ REDIS_URL, CATALOGUE_TTL_MS }: GatewayEnv): TieredCache =>
  TieredCache.create({
    redisUrl: CATALOGUE_TTL_MS === 0 ? undefined : REDIS_URL,
    prefix: 'souk:cache',
    ttlMs: CATALOGUE_TTL_MS,
    graceMs: CACHE_GRACE_MS,
    serveStaleOn: (error) => error instanceof AppError && (error.status === 503 || error.status === 504),
  });

const httpCache = (cache: TieredCache, reflector: Reflector, limiter: RateLimiter, gate: Gate) =>
  new HttpCacheInterceptor<FastifyRequest>(cache, reflector, async (request) => {
    const verdict = limiter.takeGeneral(request.ip);
    if (!verdict.allowed) throw rateLimited(verdict);
    await admitMiss(gate, request);
  });
