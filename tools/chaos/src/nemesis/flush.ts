import { connect } from 'node:net';

const TIMEOUT_MS = 1_000;

/** Empties Redis; answers whether it said so in time. Two commands need no client library. */
export function flushAll(url: string): Promise<boolean> {
  const { hostname, port, username, password } = new URL(url);
  const commands = [...(username === '' ? [] : [`AUTH ${username} ${password}`]), 'FLUSHALL'];
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${commands.join('\r\n')}\r\n`));
    const answer = (isDone: boolean) => {
      socket.destroy();
      resolve(isDone);
    };
    socket.setTimeout(TIMEOUT_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.on('data', (data) => {
      said += data.toString();
      if (said.split('\r\n').length > commands.length) answer(said === '+OK\r\n'.repeat(commands.length));
    });
  });
}
