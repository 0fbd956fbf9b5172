import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort, nginxBinary } from '@souk/stack';
import { startProgram } from './program.ts';

/** Starts an Nginx that has each path's answer in a file, and does nothing else. */
export async function serveFiles(directory: string, answers: Readonly<Record<string, string>>) {
  const [port, root] = [await freePort(), join(directory, 'static')];
  for (const [path, body] of Object.entries(answers)) {
    const file = join(root, `${path}.json`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }
  const configuration = join(directory, 'static.conf');
  await writeFile(configuration, configurationOf(root, port));
  const base = `http://127.0.0.1:${port}`;
  const args = ['-p', directory, '-e', 'stderr', '-c', configuration];
  const { stop } = await startProgram(nginxBinary() ?? 'nginx', args, {}, base + Object.keys(answers)[0]);
  return { base, stop };
}

const configurationOf = (root: string, port: number): string => `daemon off;
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
        root ${root};
        default_type application/json;
        location / { try_files $uri.json =404; }
    }
}
`;
