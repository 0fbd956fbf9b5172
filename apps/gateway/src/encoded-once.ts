/**
 * Encodes the text of an object for all answers that have it as their body. A string would be encoded anew for each of them,
 * at up to the cost of all the rest where it did not come as ASCII.
 */
export function encodedOnce<T extends object>(textOf: (from: T) => string): (from: T) => Buffer {
  const known = new WeakMap<T, Buffer>();
  return (from) => {
    const bytes = known.get(from) ?? Buffer.from(textOf(from));
    known.set(from, bytes);
    return bytes;
  };
}
