import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { describe, expect, it } from 'vitest';
import { HELP, parseArguments, SUITES } from './arguments.ts';

describe('the command line', () => {
  it('names a suite; what is not for us is for k6', () => {
    const args = ['load', '--vus', '20', '--json', '--replicas', 'gateway=2', '-e', 'SCALE=0.1'];
    expect(parseArguments(args)).toEqual({
      help: false,
      json: true,
      suite: 'load',
      replicas: ['--replicas', 'gateway=2'],
      passedOn: ['--vus', '20', '-e', 'SCALE=0.1'],
    });
  });

  it('is told what there is when it names none, or another', () => {
    expect(() => parseArguments([])).toThrow(/Which suite\?[^]*flash-sale/);
    expect(() => parseArguments(['laod'])).toThrow(/laod: no such suite/);
    expect(parseArguments(['--help']).help).toBe(true);
    expect(HELP).toContain('BASE_URL');
  });
});

it('knows every k6 script there is', () => {
  const scripts = readdirSync(join(root, 'load-tests')).filter((name) => name.endsWith('.js'));
  const suites = scripts.map((name) => name.replace(/\.js$/, '')).filter((name) => name !== 'simple-test');
  expect(suites.toSorted()).toEqual([...SUITES].toSorted());
});
