interface Unsent {
  publish: () => void;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * Sends together, at the end of a turn of the event loop, what all its callbacks have to send. nats.js writes to the socket after
 * each callback, which under load is a system call for each message, here and in the broker.
 */
export class Outgoing {
  #unsent: Unsent[] = [];

  /** Resolves when the message was handed to the connection; rejects with what `publish` throws. */
  send(publish: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#unsent.push({ publish, resolve, reject }) === 1) setImmediate(() => this.#sendAll());
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
