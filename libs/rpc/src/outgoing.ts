interface Unsent {
  publish: () => void;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** Under way at once, from which on it is worth waiting for the end of the turn. */
const MANY = 4;

/**
 * Sends together, at the end of a turn of the event loop, what all its callbacks have to send. nats.js writes to the socket after
 * each callback, which under load is a system call for each message, here and in the broker. What is one of a few is sent at
 * once: the turn may be long for reasons of others, as when a hundred log in.
 */
export class Outgoing {
  #unsent: Unsent[] = [];

  /**
   * Resolves when the message was handed to the connection; rejects with what `publish` throws. `underWay` are those that are asked of
   * the same service, or by it answered, with this one.
   */
  send(underWay: number, publish: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (underWay < MANY) {
        publish();
        resolve();
      } else if (this.#unsent.push({ publish, resolve, reject }) === 1) setImmediate(() => this.#sendAll());
    });
  }

  #sendAll(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const { publish, resolve, reject } of unsent) {
      try {
        publish();
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  }
}
