import { UsageError } from '@souk/stack';
import { describe, expect, it } from 'vitest';
import { contractOf, parseArguments, subjectsOf } from './arguments.ts';

describe('the command line', () => {
  it('is a command, what it is about, and how', () => {
    expect(parseArguments(['tap', 'order.*', '--errors', '--slow', '1.5s', '--json'])).toMatchObject({
      command: 'tap',
      operands: ['order.*'],
      errors: true,
      slow: 1_500,
      json: true,
    });
    expect(parseArguments(['ls'])).toMatchObject({ command: 'ls', operands: [], slow: 0, json: false });
  });

  it.each([[[]], [['listen']], [['ls', '--verbose']], [['tap', '--slow', 'fast']]])('refuses %j', (args) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
  });

  it('names the calls that come near to one that is not there', () => {
    expect(contractOf('product.get').subject).toBe('product.get');
    expect(() => contractOf('order.git')).toThrow(/order\.place, order\.get/);
    expect(() => contractOf('get')).toThrow(/product\.get/);
  });

  it('takes all calls of a service for its name with a star', () => {
    expect(subjectsOf(['order.*', 'product.get'])).toEqual([
      'order.place',
      'order.get',
      'order.list',
      'order.cancel',
      'order.move',
      'order.resolve',
      'product.get',
    ]);
    expect(() => subjectsOf(['nothing.*'])).toThrow(UsageError);
  });
});
