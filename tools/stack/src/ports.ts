import { createServer } from 'node:net';

/** A port that nobody listens on now, drawn by the system. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return listen(0, host);
}

/** Whether the port can be listened on. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return listen(port, host).then(
    () => true,
    () => false,
  );
}

function listen(wanted: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: wanted, host, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
