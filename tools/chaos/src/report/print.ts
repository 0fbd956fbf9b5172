/** Writes a line to stdout; resolves when a pipe has taken all of it, so that the process may exit then. */
export const print = (line: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
