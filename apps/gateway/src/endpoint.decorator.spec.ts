import { type EndpointInput, orderEndpoints, productEndpoints, type ProductView } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { Endpoint, Input } from './endpoint.decorator.ts';

const view: ProductView = {
  id: 'a'.repeat(24),
  name: 'Widget',
  category: 'Electronics',
  price: 29.99,
  currency: 'USD',
  stock: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

class Sut {
  @Endpoint(productEndpoints.get)
  async right(@Input() _: EndpointInput<typeof productEndpoints.get>): Promise<ProductView> {
    return view;
  }

  // @ts-expect-error -- the point: it takes the input of another endpoint
  @Endpoint(productEndpoints.get)
  async wrongInput(@Input() _: EndpointInput<typeof orderEndpoints.place>): Promise<ProductView> {
    return view;
  }

  // @ts-expect-error -- the point: it answers something else than the endpoint promises
  @Endpoint(productEndpoints.get)
  async wrongAnswer(): Promise<{ id: number }> {
    return { id: 1 };
  }
}

describe('@Endpoint', () => {
  it('does not compile on a method of another shape', () => {
    expect(new Sut()).toBeDefined();
  });
});
