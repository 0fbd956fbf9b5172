import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passwords } from './access.ts';
import type { Flavour, Program } from './backing.ts';
import { natsConfiguration } from './nats-configuration.ts';
import { privateDirectory } from './paths.ts';
import { redisUsers } from './redis-users.ts';

/** Where a server listens and keeps its data; `sidePort` is NATS's monitoring. */
export type Place = { host: string; port: number; sidePort: number; directory: string };

/** A program with all its arguments, and the URL at which its users come in. */
export type ServerCommand = Program & { url: string };

/** The whole command line of a backing server that lets in these users and nobody else, and the address it will have. */
export function serverCommand(flavour: Flavour, program: Program, place: Place, users: Passwords): ServerCommand {
  privateDirectory(place.directory);
  const { url, args } = COMMANDS[flavour](place, users);
  return { ...program, args: [...program.args, ...args], url };
}

const COMMANDS: Record<Flavour, (place: Place, users: Passwords) => { url: string; args: string[] }> = {
  nats: ({ host, port, sidePort, directory }, users) => ({
    url: `nats://${host}:${port}`,
    args: [
      '-c',
      privateFile(join(directory, 'nats.conf'), natsConfiguration(`${host}:${port}`, `127.0.0.1:${sidePort}`, users)),
    ],
  }),
  redis: ({ host, port, directory }, users) => ({
    url: `redis://${host}:${port}`,
    // A cache: nothing is worth writing to disk, and what does not fit is dropped.
    args: words(
      `--bind ${host} --port ${port} --save  --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lru`,
    ).concat('--dir', directory, '--aclfile', privateFile(join(directory, 'users.acl'), redisUsers(users))),
  }),
  mongod: ({ host, port, directory }) => ({
    url: mongoUrl(host, port),
    // The journal needs no option: since MongoDB 6.1 there is no mongod without it.
    args: words(
      `--bind_ip ${host} --port ${port} --replSet rs0 --wiredTigerCacheSizeGB 0.25 --nounixsocket --quiet`,
    ).concat('--dbpath', directory, '--keyFile', privateFile(join(directory, 'key'), memberKey())),
  }),
  secantus: secantusCommand,
  'secantus-py': secantusCommand,
};

function secantusCommand({ host, port, directory }: Place) {
  return {
    // It walks through its records of retryable writes at each of them, 10,000 in the end, and carries one out twice that
    // is sent again while the first sending is under way.
    url: `${mongoUrl(host, port)}&retryWrites=false`,
    args: words(`--auth --host ${host} --port ${port} --cache-size 256M --sync-on-commit --log-level WARNING`).concat(
      '--storage-path',
      directory,
    ),
  };
}

/** `directConnection`, because the port may be another one than the replica set wrote down the last time. */
function mongoUrl(host: string, port: number): string {
  return `mongodb://${host}:${port}/?directConnection=true&authSource=admin`;
}

/** What mongod takes for a key: 6 to 1,024 characters of plain base64, not of the kind that URLs need. */
const memberKey = (): string => randomBytes(48).toString('base64');

function privateFile(file: string, text: string): string {
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function words(line: string): string[] {
  return line.split(' ');
}
