/** Tells who watches how far it is. */
export const say = (line: string): void => console.error(`bench: ${line}`);
