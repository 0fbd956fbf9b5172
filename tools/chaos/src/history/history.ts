import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Call, Redelivery } from './call.ts';

/** Calls the checker has no question about are counted and written, not kept. */
const KEPT = new Set<Call['kind']>(['place', 'cancel', 'pay', 'ship', 'deliver', 'restock', 'get']);

/** Everything that was asked and answered: one JSON line each in a file, and what the checker needs in memory. */
export class History {
  readonly calls: Call[] = [];
  readonly redeliveries: Redelivery[] = [];
  readonly #file: WriteStream;
  readonly #counts = new Map<string, number>();
  #total = 0;
  #longest: Call | undefined;

  constructor(path: string) {
    this.#file = createWriteStream(path, { mode: 0o600 });
  }

  add(call: Call): void {
    if (KEPT.has(call.kind)) this.calls.push(call);
    const label = `${call.kind} ${call.outcome}`;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
    this.#total += 1;
    if (!this.#longest || call.end - call.start > this.#longest.end - this.#longest.start) this.#longest = call;
    this.#write(call);
  }

  addRedelivery(redelivery: Redelivery): void {
    this.redeliveries.push(redelivery);
    this.#write({ redelivery });
  }

  /** How many calls there were of this kind with this outcome. */
  count(kind: Call['kind'], outcome: Call['outcome']): number {
    return this.#counts.get(`${kind} ${outcome}`) ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  /** The call that took the longest until its answer or its failure. */
  get longest(): Call | undefined {
    return this.#longest;
  }

  async close(): Promise<void> {
    this.#file.end();
    await once(this.#file, 'close');
  }

  #write(entry: object): void {
    this.#file.write(`${JSON.stringify(entry)}\n`);
  }
}
