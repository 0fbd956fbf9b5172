import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { cachedRoute } from '@souk/cache';
import { allEndpoints, type Endpoint } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { ENDPOINT } from './endpoint.decorator.ts';
import { GatewayEnv } from './env.ts';
import { GatewayModule } from './gateway.module.ts';
import { isCached } from './requested-endpoint.ts';

const { controllers = [] } = GatewayModule.with(
  GatewayEnv.parse({ JWT_SECRET: 'a secret of thirty-two bytes or more', NATS_URL: 'nats://127.0.0.1:1' }),
);

const handlers = controllers.flatMap(({ prototype }) =>
  Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor')
    .map((name): unknown => prototype[name])
    .filter((method): method is () => unknown => typeof method === 'function')
    .filter((method) => Reflect.hasMetadata(PATH_METADATA, method)),
);

const routeOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

describe('the routes of the gateway', () => {
  it('each come from an endpoint, which says who may call and what is accepted', () => {
    for (const handler of handlers) {
      const endpoint: Endpoint | undefined = Reflect.getMetadata(ENDPOINT, handler);
      expect(endpoint, handler.name).toBeDefined();
      expect(Reflect.getMetadata(PATH_METADATA, handler)).toBe(endpoint?.path);
      expect(RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]).toBe(endpoint?.method);
    }
  });

  it('that a cache answers are those that do not count before they miss', () => {
    for (const handler of handlers) {
      const endpoint: Endpoint = Reflect.getMetadata(ENDPOINT, handler);
      expect(isCached(endpoint), routeOf(endpoint)).toBe(Reflect.hasMetadata(cachedRoute, handler));
    }
  });

  it('are exactly the endpoints, and so exactly what OpenAPI describes', () => {
    const bound = handlers.map((handler): Endpoint => Reflect.getMetadata(ENDPOINT, handler));
    expect(bound.map(routeOf).toSorted()).toEqual(allEndpoints.map(routeOf).toSorted());
  });
});
