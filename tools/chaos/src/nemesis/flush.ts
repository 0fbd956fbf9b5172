import { connect } from 'node:net';

const TIMEOUT_MS = 1_000;

/** Empties Redis; answers whether it said so in time. One command needs no client library. */
export function flushAll(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    const answer = (isDone: boolean) => {
      socket.destroy();
      resolve(isDone);
    };
    socket.setTimeout(TIMEOUT_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (data) => answer(data.toString().startsWith('+OK')));
  });
}
