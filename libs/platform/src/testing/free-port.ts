import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which Linux and macOS draw ports for outgoing connections: one of those, or another spec's probe,
// took a port of that range between this look and the server's start.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A loopback port that nobody listens on now, for a server that a spec starts and that cannot draw its own. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
