/** Logs in a hundred times at once for each line it reads, in a process of its own; prints the statuses as a JSON array. */
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';

// On a machine of their own these clients would slow nobody down.
setPriority(19);

const [url = '', email, password] = process.argv.slice(2);
const body = JSON.stringify({ email, password });
const headers = { 'content-type': 'application/json' };

for await (const _ of createInterface({ input: process.stdin })) {
  const login = async () => (await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })).status;
  console.log(JSON.stringify(await Promise.all(Array.from({ length: 100 }, login))));
}
