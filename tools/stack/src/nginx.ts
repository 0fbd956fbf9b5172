import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Address {
  host: string;
  port: number;
}

interface NginxOptions extends Address {
  /** Nginx keeps its configuration, cache, temporary files, pid and access log here. */
  dir: string;
  /** The replicas of the gateway, one or more. */
  gateways: readonly Address[];
  /** The port on the loopback at which an exporter asks how Nginx is. */
  statusPort?: number | undefined;
}

/** The rules that the container deployment shares. */
const RULES = fileURLToPath(new URL('../../../nginx/', import.meta.url));
/** Who stands behind Nginx: a file of its own, to be replaced while Nginx runs. */
const SERVERS = 'servers.conf';
const OLDEST = { major: 1, minor: 22 };
// sbin is on the PATH of root only.
const CANDIDATES = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx'];

/** The first Nginx of at least 1.22, on PATH or where packages put it. */
export const nginxBinary = (): string | undefined => CANDIDATES.find(isRecent);

function isRecent(binary: string): boolean {
  // stderr is null, whatever the types say, when there is no such program.
  const answer = String(spawnSync(binary, ['-v'], { encoding: 'utf8' }).stderr);
  const [, major, minor] = /nginx\/(\d+)\.(\d+)/.exec(answer)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/**
 * Writes a configuration that listens on `host:port` before `gateways`, and returns the command that runs it in the
 * foreground. SIGTERM stops it at once, SIGQUIT when the requests in flight are answered.
 * Throws when there is no Nginx.
 */
export async function prepareNginx({
  dir,
  gateways,
  statusPort,
  ...listen
}: NginxOptions): Promise<{ command: string; args: string[] }> {
  const command = nginxBinary();
  if (!command)
    throw new Error('nginx 1.22 or newer was not found: install it with your package manager (apt install nginx).');
  const prefix = resolve(dir);
  const file = join(prefix, 'nginx.conf');
  await mkdir(prefix, { recursive: true });
  writeGateways(prefix, gateways);
  await writeFile(file, configuration(listen, statusPort));
  return { command, args: ['-p', prefix, '-e', 'stderr', '-c', file] };
}

/** Writes, whole or not at all, the gateways that Nginx leads to from its next reload (SIGHUP) or start on. */
export function writeGateways(dir: string, gateways: readonly Address[]): void {
  const draft = join(dir, `${SERVERS}.draft`);
  writeFileSync(draft, gateways.map(server).join(''));
  renameSync(draft, join(dir, SERVERS));
}

// Twice, as nginx/upstream.conf says.
const server = (gateway: Address): string =>
  `server ${hostPort(gateway)} max_fails=2 fail_timeout=2s;\nserver ${hostPort(gateway)} backup max_fails=0;\n`;

/** With it Nginx can call itself something else; Debian: libnginx-mod-http-headers-more-filter. */
const HEADERS_MODULE = [
  '/usr/lib/nginx/modules',
  '/usr/lib64/nginx/modules',
  '/usr/local/lib/nginx/modules',
  '/opt/homebrew/lib/nginx/modules',
]
  .map((directory) => join(directory, 'ngx_http_headers_more_filter_module.so'))
  .find((file) => existsSync(file));

const configuration = (listen: Address, statusPort: number | undefined): string => `# Written by npm run up.
${HEADERS_MODULE === undefined ? '' : `load_module "${HEADERS_MODULE}";`}
daemon off;
pid nginx.pid;
error_log stderr warn;
worker_processes 2;
worker_rlimit_nofile 8192;
# After a reload: no call lasts longer, and no slow client keeps an old worker for ever.
worker_shutdown_timeout 10s;
${userDirective()}
events {
    worker_connections 4096;
}

http {
    include "${RULES}http/*.conf";
    # Failures only: a load test would fill the disk.
    access_log access.log json buffer=16k flush=1s if=$failed;
    ${HEADERS_MODULE === undefined ? '' : "more_set_headers 'Server: souk';"}

    upstream gateway {
        include "${RULES}upstream.conf";
        include ${SERVERS};
    }

    server {
        listen ${hostPort(listen)} default_server backlog=4096;
        include "${RULES}server.conf";
    }
${statusPort === undefined ? '' : statusServer(statusPort)}}
`;

const statusServer = (port: number): string => `
    server {
        listen 127.0.0.1:${port};
        location = /stub_status {
            stub_status;
        }
    }
`;

// Started by root, workers would become `nobody`, who may not enter a private data directory.
const userDirective = (): string => (process.getuid?.() === 0 ? 'user root root;' : '');

const hostPort = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
