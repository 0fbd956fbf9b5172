import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const LENGTH = 4_000_000;

test('a report of any length reaches a pipe before the process exits', async () => {
  const program = `import { print } from ${JSON.stringify(import.meta.resolve('./print.ts'))};
    await print('x'.repeat(${LENGTH}));
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let received = 0;
  child.stdout.on('data', (chunk: Buffer) => (received += chunk.length));
  await once(child, 'close');
  expect(received).toBe(LENGTH + 1);
});
