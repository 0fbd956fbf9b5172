import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks whoever sits at the terminal, without showing what is typed; without a terminal, takes the first line of the input. */
export async function askPassword(input: NodeJS.ReadStream = process.stdin, prompt = process.stderr): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: input.isTTY });
  if (input.isTTY) prompt.write('Password: ');
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (input.isTTY) prompt.write('\n');
  }
}
