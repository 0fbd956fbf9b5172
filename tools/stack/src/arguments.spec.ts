import { expect, it } from 'vitest';
import { eachApp } from './apps.ts';
import { parseArguments, UsageError } from './arguments.ts';

it('starts one of each app with the seed on the loopback when nothing is said', () => {
  expect(parseArguments([])).toEqual({
    help: false,
    json: false,
    seed: true,
    observe: false,
    watch: false,
    inspect: undefined,
    host: '127.0.0.1',
    port: undefined,
    data: undefined,
    exec: undefined,
    replicas: eachApp(() => 1),
  });
});

it('reads every option', () => {
  const line = [
    '--exec',
    'k6 run x.js',
    '--replicas',
    'gateway=3,user=2',
    '--no-seed',
    '--data',
    'd',
    '--port=81',
    '--json',
  ];
  expect(parseArguments([...line, '--host', '0.0.0.0'])).toMatchObject({
    json: true,
    seed: false,
    host: '0.0.0.0',
    port: 81,
    data: 'd',
    exec: 'k6 run x.js',
    replicas: { ...eachApp(() => 1), gateway: 3, user: 2 },
  });
});

it('refuses an unknown option with the list of those there are', () => {
  expect(() => parseArguments(['--replica', 'user=2'])).toThrow(/Unknown option '--replica'[^]*--replicas gateway=3/);
});

it.each([['0'], ['65536'], ['http'], ['80.5'], ['']])('refuses port %j', (port) => {
  expect(() => parseArguments([`--port=${port}`])).toThrow(UsageError);
});

it.each([['nginx=2'], ['user=0'], ['user'], ['user=-1'], ['user=1000'], ['toString=2']])(
  'refuses replicas %j',
  (text) => {
    expect(() => parseArguments([`--replicas=${text}`])).toThrow(/gateway, user, product, order/);
  },
);
