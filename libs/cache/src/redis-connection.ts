import type { Redis } from 'ioredis';
import { announcedCommand, announceFault } from './cache-channel.ts';
import { Pause } from './pause.ts';
import { connectRedis } from './redis-url.ts';

const COMMAND_TIMEOUT_MS = 100;

/** A connection that is never waited for: a command that cannot be had within 100 ms is done without. */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #pause = new Pause();
  #runId: string | undefined;

  constructor(url: string, onReady: () => void) {
    this.#redis = connectRedis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: 1_000,
      retryStrategy: (attempt) => Math.min(attempt * 50, 1_000) * (0.5 + Math.random() / 2),
    });
    this.#redis.on('error', announceFault);
    this.#redis.on('close', () => (this.#runId = undefined));
    this.#redis.on('ready', () => {
      this.#pause.succeeded();
      onReady();
    });
  }

  /**
   * Runs a script on `key`, in the keys of this very server process. Undefined when Redis is away, late or paused.
   * A server that came back with old data, from a snapshot or as a promoted replica, has another run id: what it
   * remembers may lack invalidations that its predecessor had confirmed, so it is not asked.
   */
  async run(script: string, prefix: string, key: string, args: readonly (string | number)[]): Promise<unknown> {
    if (!this.#pause.mayTry()) return undefined;
    try {
      const runId = (this.#runId ??= await this.#readRunId());
      // One hash slot for all keys of the cache: the scripts compute the names of the tags.
      const scope = `{${prefix}:${runId}}:`;
      const entry = `${scope}entry:${key}`;
      const reply = await announcedCommand('cache', () => this.#redis.eval(script, 1, entry, scope, ...args));
      this.#pause.succeeded();
      return reply;
    } catch (error) {
      this.#pause.failed();
      announceFault(error);
      return undefined;
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #readRunId(): Promise<string> {
    const runId = /^run_id:(\w+)/m.exec(await this.#redis.info('server'))?.[1];
    if (!runId) throw new Error('Redis did not tell its run id');
    return runId;
  }
}
