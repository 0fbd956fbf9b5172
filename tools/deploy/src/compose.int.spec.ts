import { spawnSync } from 'node:child_process';
import { root } from '@souk/stack';
import { describe, expect, it } from 'vitest';

/** docker-compose 1.29 of Debian, which needs no Docker to read a file, or Docker's own. Nothing of ours in its environment. */
function dockerCompose(...args: string[]) {
  const { PATH, HOME } = process.env;
  const options = { cwd: root, encoding: 'utf8', env: { PATH, HOME } } as const;
  const old = spawnSync('docker-compose', args, options);
  const { status, stdout, stderr, error } = old.error ? spawnSync('docker', ['compose', ...args], options) : old;
  if (error) throw new Error('docker-compose was not found: apt install docker-compose', { cause: error });
  return { status, said: stdout + stderr };
}

describe('docker-compose', () => {
  it.each([
    ['the file as it is', []],
    ['it with the ports of the apps', ['-f', 'docker-compose.yml', '-f', 'deploy/compose/ports.yml']],
    ['it with its profiles', ['--profile', 'observe', '--profile', 'load']],
  ])('accepts %s', (_name, args) => {
    expect(dockerCompose(...args, 'config', '--quiet')).toEqual({ status: 0, said: '' });
  });

  it('shows the services by the names everything else calls them by', () => {
    const names = dockerCompose('config', '--services').said.trim().split('\n');
    const shop = [
      'nginx',
      'api-gateway',
      'user-service',
      'product-service',
      'order-service',
      'mongodb',
      'redis',
      'nats',
    ];
    expect(names).toEqual(expect.arrayContaining([...shop, 'prometheus', 'grafana', 'cadvisor']));
  });
});
