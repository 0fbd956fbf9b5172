import type { TappedCall } from '@souk/contracts';
import { describe, expect, it } from 'vitest';
import { type Branch, treesOf } from './tree.ts';

const call = (
  caller: string | null,
  subject: string,
  begin: number,
  end: number,
  more: Partial<TappedCall> = {},
): TappedCall => ({
  seenBy: 'handler',
  subject,
  caller,
  replica: 'r',
  requestId: 'request-1',
  at: new Date(begin).toISOString(),
  milliseconds: end - begin,
  outcome: 'ok',
  request: {},
  reply: {},
  store: [],
  ...more,
});

const shape = (branches: readonly Branch[]): unknown =>
  branches.map(({ call: { subject }, nested }) => (nested.length > 0 ? [subject, shape(nested)] : subject));

describe('the tree of a request', () => {
  it('has each call under the one whose handler made it, whatever order they were heard in', () => {
    const calls = [
      call('order', 'product.reserve', 110, 140),
      call('order', 'product.release', 150, 160),
      call('gateway', 'order.place', 100, 200),
      call('gateway', 'user.get', 90, 95),
    ];
    expect(shape(treesOf(calls))).toEqual(['user.get', ['order.place', ['product.reserve', 'product.release']]]);
  });

  it('keeps two tries of one call apart by their time', () => {
    const calls = [
      call('gateway', 'order.place', 100, 200),
      call('order', 'product.reserve', 110, 140),
      call('gateway', 'order.place', 1_000, 1_100),
      call('order', 'product.reserve', 1_010, 1_040),
    ];
    expect(shape(treesOf(calls))).toEqual([
      ['order.place', ['product.reserve']],
      ['order.place', ['product.reserve']],
    ]);
  });

  it('has a call that nobody answered under its caller, and one whose caller was not heard by itself', () => {
    const unanswered = { seenBy: 'caller', replica: null, outcome: 'SERVICE_UNAVAILABLE' } as const;
    const calls = [call('gateway', 'order.place', 100, 200), call('order', 'product.reserve', 110, 140, unanswered)];
    expect(shape(treesOf(calls))).toEqual([['order.place', ['product.reserve']]]);
    expect(shape(treesOf(calls.slice(1)))).toEqual(['product.reserve']);
  });
});
