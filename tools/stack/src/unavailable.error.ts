/** A source or service that cannot be had; the message says why in words a person can act on. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
