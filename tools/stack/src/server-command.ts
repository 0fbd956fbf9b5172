import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flavour, Program } from './backing.ts';
import { privateDirectory } from './paths.ts';

/** Where a server listens and keeps its data; `sidePort` is NATS's monitoring. */
export type Place = { host: string; port: number; sidePort: number; directory: string };

/** A program with all its arguments, and the URL clients use. */
export type ServerCommand = Program & { url: string };

/** The whole command line of a backing server, and the address it will have. */
export function serverCommand(flavour: Flavour, program: Program, place: Place): ServerCommand {
  privateDirectory(place.directory);
  const { url, args } = COMMANDS[flavour](place);
  return { ...program, args: [...program.args, ...args], url };
}

const COMMANDS: Record<Flavour, (place: Place) => { url: string; args: string[] }> = {
  nats: (place) => ({ url: `nats://${place.host}:${place.port}`, args: ['-c', natsConfiguration(place)] }),
  redis: ({ host, port, directory }) => ({
    url: `redis://${host}:${port}`,
    // A cache: nothing is worth writing to disk, and what does not fit is dropped.
    args: words(
      `--bind ${host} --port ${port} --save  --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lru`,
    ).concat('--dir', directory),
  }),
  mongod: ({ host, port, directory }) => ({
    url: mongoUrl(host, port),
    // The journal needs no option: since MongoDB 6.1 there is no mongod without it.
    args: words(
      `--bind_ip ${host} --port ${port} --replSet rs0 --wiredTigerCacheSizeGB 0.25 --nounixsocket --quiet`,
    ).concat('--dbpath', directory),
  }),
  secantus: ({ host, port, directory }) => ({
    // It walks through its records of retryable writes at each of them, 10,000 in the end, and carries one out twice that
    // is sent again while the first sending is under way.
    url: `${mongoUrl(host, port)}&retryWrites=false`,
    args: words(`--host ${host} --port ${port} --cache-size 256M --sync-on-commit --log-level WARNING`).concat(
      '--storage-path',
      directory,
    ),
  }),
};

/** `directConnection`, because the port may be another one than the replica set wrote down the last time. */
function mongoUrl(host: string, port: number): string {
  return `mongodb://${host}:${port}/?directConnection=true`;
}

/**
 * Pings evict a frozen queue member in 2.4 to 3.2 s: calls of 2.4 s that it has swallowed have then failed within 6 s. The
 * write deadline evicts one that is sent more than its buffers hold.
 */
function natsConfiguration({ host, port, sidePort, directory }: Place): string {
  const file = join(directory, 'nats.conf');
  const lines = [
    `listen: "${host}:${port}"`,
    `http: "127.0.0.1:${sidePort}"`,
    'ping_interval: "800ms"',
    'ping_max: 2',
    'write_deadline: "2s"',
    'max_payload: 256KB',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

function words(line: string): string[] {
  return line.split(' ');
}
