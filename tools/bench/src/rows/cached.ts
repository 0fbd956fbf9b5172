import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, nginxBinary } from '@souk/stack';
import { serveBaseline, startProgram } from '../program.ts';
import type { Row } from '../row.ts';
import { Shop } from '../shop.ts';
import { contestOf } from '../wrk.ts';

const PATH = '/api/products?limit=20';
const CONNECTIONS = 50;

/** What Nginx has, against what it can do: as many bytes from a file. */
export const throughNginx: Row = {
  name: 'catalogue read through Nginx, cached',
  against: 'Nginx, a file of the same bytes',
  unit: 'requests/s',
  must: 0.85,
  aim: 0.95,
  async prepare({ baseUrl, seconds, directory }) {
    const port = await freePort();
    await writeFile(join(directory, 'page.json'), await new Shop(baseUrl).text(PATH));
    const file = join(directory, 'static.conf');
    await writeFile(file, staticConfiguration(directory, port));
    const base = `http://127.0.0.1:${port}`;
    const nginx = await startProgram(nginxBinary() ?? 'nginx', ['-p', directory, '-e', 'stderr', '-c', file], {}, base);
    const load = { paths: [PATH], connections: CONNECTIONS, seconds };
    return { ...contestOf(load, { ours: baseUrl, reference: base }, directory), end: nginx.stop };
  },
};

const staticConfiguration = (directory: string, port: number): string => `daemon off;
pid static.pid;
${process.getuid?.() === 0 ? 'user root root;' : ''}
worker_processes 2;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10;
    server {
        listen 127.0.0.1:${port} backlog=4096;
        root ${directory};
        default_type application/json;
        location / { try_files /page.json =404; }
    }
}
`;

/** What the gateway has, with everything that guards it, against Fastify that only makes the JSON. */
export const atGateway: Row = {
  name: 'catalogue read at the gateway, hit',
  against: 'Fastify, the same 20 products',
  unit: 'requests/s',
  must: 1,
  aim: 1.5,
  async prepare({ gatewayUrl, seconds, directory }) {
    const env = { PAGE: await new Shop(gatewayUrl).text(PATH) };
    const { base, stop } = await serveBaseline('fastify-list', env, PATH);
    const load = { paths: [PATH], connections: CONNECTIONS, seconds };
    return { ...contestOf(load, { ours: gatewayUrl, reference: base }, directory), end: stop };
  },
};
