import type { Socket } from 'node:net';

/** More than this waiting makes the sender wait too, as a full TCP window does. */
const WINDOW = 4 << 20;

/** What the way is like just now, in one direction. */
export type Way = { isHeld: boolean; latencyMs: number; jitterMs: number };

type Parcel = { due: number; content: Buffer | 'end' | 'reset' };

/**
 * One direction of a connection. Keeps the order; what was sent arrives, however late and even when its sender is gone by
 * then, as in a real network.
 */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #way: Way;
  readonly #parcels: Parcel[] = [];
  #waiting = 0;
  #lastDue = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, way: Way) {
    this.#from = from;
    this.#to = to;
    this.#way = way;
    from.on('data', (chunk) => this.#send(chunk));
    from.once('end', () => this.#send('end'));
    // A socket that ended first has sent all it had; what else closes it is a reset.
    from.once('close', () => {
      if (!from.readableEnded) this.#send('reset');
    });
    to.on('drain', () => this.#letFlow());
    to.once('close', () => this.#drop());
  }

  /** Delivers what is due; to be called when the way has changed. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#way.isHeld) return;
    for (let first = this.#parcels[0]; first; first = this.#parcels[0]) {
      const early = first.due - performance.now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.flush(), early);
        return;
      }
      this.#parcels.shift();
      this.#deliver(first.content);
    }
    this.#letFlow();
  }

  #send(content: Parcel['content']): void {
    const { latencyMs, jitterMs } = this.#way;
    const due = performance.now() + (latencyMs > 0 ? latencyMs + Math.random() * jitterMs : 0);
    this.#lastDue = Math.max(this.#lastDue, due);
    this.#parcels.push({ due: this.#lastDue, content });
    if (Buffer.isBuffer(content)) this.#waiting += content.length;
    this.flush();
    if (this.#isFull()) this.#from.pause();
  }

  #deliver(content: Parcel['content']): void {
    if (content === 'reset') {
      this.#to.resetAndDestroy();
    } else if (content === 'end') {
      this.#to.end();
    } else {
      this.#waiting -= content.length;
      if (this.#to.writable) this.#to.write(content);
    }
  }

  #isFull(): boolean {
    return this.#waiting + this.#to.writableLength > WINDOW;
  }

  #letFlow(): void {
    if (!this.#isFull() && !this.#from.destroyed) this.#from.resume();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#parcels.length = 0;
    this.#waiting = 0;
    this.#letFlow();
  }
}
