import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, event, services, subjectRule } from './contract.ts';
import { allContracts } from './contracts.ts';
import { allEndpoints } from './endpoints.ts';
import { orderEndpoints } from './http/order.http.ts';
import { productEndpoints } from './http/product.http.ts';
import { productContracts } from './product.ts';
import { userContracts } from './user.ts';

const options = { input: z.object({}), output: z.object({}), idempotent: true, actsFor: 'nobody', errors: [] } as const;
const id = 'a'.repeat(24);

describe('contracts', () => {
  it('have well formed subjects, each used once', () => {
    const subjects = allContracts.map(({ subject }) => subject);
    for (const subject of subjects) expect(subject).toMatch(subjectRule);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it('belong to a service, and every service has some', () => {
    expect(new Set(allContracts.map(({ service }) => service))).toEqual(new Set(services));
  });

  it('stay inside the gateway’s three seconds', () => {
    for (const { timeoutMs } of allContracts) expect(timeoutMs).toBeLessThan(3_000);
  });

  it('refuse fields they do not know', () => {
    for (const { input, subject } of allContracts) {
      const result = input.safeParse({ $unknown: 1 });
      expect(
        result.error?.issues.map(({ code }) => code),
        subject,
      ).toContain('unrecognized_keys');
    }
  });

  it.each(['product', 'Product.get', 'product.Get', 'product.get.all', 'product.*', 'product.>', '', 'a b.c'])(
    'cannot be given the subject %j',
    (subject) => {
      expect(() => contract(subject, options)).toThrow(TypeError);
      expect(() => event(subject, { payload: z.object({}), publishers: [], listeners: [] })).toThrow(TypeError);
    },
  );
});

describe('endpoints', () => {
  it('have one method and path each', () => {
    const routes = allEndpoints.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it('refuse query parameters they do not know', () => {
    for (const { input, path } of allEndpoints) {
      expect(input.shape.query.safeParse({ $where: '1' }).success, path).toBe(false);
    }
  });

  const { query } = productEndpoints.list.input.shape;

  it('read numbers and booleans from a query, prices as minor units', () => {
    expect(query.parse({ minPrice: '1.50', maxPrice: '20', inStock: 'true', limit: '5' })).toEqual({
      minPrice: 150,
      maxPrice: 2000,
      inStock: true,
      limit: 5,
      sort: '-createdAt',
    });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1e9' },
    { limit: '0x10' },
    { limit: '' },
    { limit: ['1', '2'] },
    { minPrice: '-1' },
    { minPrice: '1.999' },
    { minPrice: '5', maxPrice: '4' },
    { inStock: 'yes' },
    { sort: '$where' },
    { cursor: '{"$gt":""}' },
    { q: '' },
    { q: 'x'.repeat(101) },
    { category: { $ne: 'x' } },
  ])('refuse the product query %j', (value) => {
    expect(query.safeParse(value).success).toBe(false);
  });

  const { body } = orderEndpoints.place.input.shape;
  const line = (quantity: unknown) => ({ items: [{ productId: id, quantity }] });

  it.each([0, -1, 1.5, 1e9, '2', null, undefined, { $gt: '' }, [1], Number.NaN])(
    'refuse the quantity %j',
    (quantity) => {
      expect(body.safeParse(line(quantity)).success).toBe(false);
    },
  );

  it.each([
    {},
    { items: [] },
    { items: Array.from({ length: 51 }, () => ({ productId: id, quantity: 1 })) },
    { items: [{ productId: { $gt: '' }, quantity: 1 }] },
    { items: [{ productId: 'not-an-id', quantity: 1 }] },
    { ...line(1), total: 0 },
    { ...line(1), userId: 'me' },
    [],
    'items',
    null,
  ])('refuse the order %j', (value) => {
    expect(body.safeParse(value).success).toBe(false);
  });
});

describe('text and e-mail', () => {
  it('normalizes an e-mail before it is compared', () => {
    const { email } = userContracts.login.input.parse({ email: '  User@Test.COM ', password: 'x' });
    expect(email).toBe('user@test.com');
  });

  it.each(['user@', '@test.com', 'a b@test.com', '', `${'a'.repeat(250)}@test.com`, { $gt: '' }])(
    'refuses %j as an e-mail',
    (email) => {
      expect(userContracts.login.input.safeParse({ email, password: 'x' }).success).toBe(false);
    },
  );

  it.each(['a\u0000b', '\uD800', 'a\u007Fb', '   ', ''])('refuses %j as a name', (name) => {
    const product = { name, category: 'c', price: 1, stock: 1 };
    expect(productContracts.create.input.safeParse(product).success).toBe(false);
  });

  it('keeps accents, emoji and right-to-left text', () => {
    const product = { name: 'Café 🫖 شاي', category: 'c', price: 1, stock: 1 };
    expect(productContracts.create.input.parse(product).name).toBe('Café 🫖 شاي');
  });
});
