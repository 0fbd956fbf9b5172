import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { runInContext, safeRequestId } from './request-context.ts';

/**
 * Does background work again and again, `intervalMs` after it ended, each time as a request of its own. Work that throws
 * is logged and tried again: whatever it was about is still there.
 */
export class Repeater {
  readonly #stop = new AbortController();
  readonly #logger = new Logger(Repeater.name);
  #running: Promise<void> | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when what runs now has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await runInContext({ requestId: safeRequestId(undefined) }, this.work).catch((error: unknown) =>
        this.#logger.debug(`to be tried again: ${String(error)}`),
      );
      // Replicas that were started together should not all come at once.
      await pause(this.intervalMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}
