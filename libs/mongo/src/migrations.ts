import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { isDuplicateKey } from './mongo.errors.ts';

type Db = mongo.Db;

/**
 * One change of the data of a service, from one version of its code to the next. It runs beside the version before it, which must
 * be able to read what it writes; and it may be started again where it had got to, so each step has to be safe to repeat.
 */
export interface Migration {
  /** Never used again for another one: `2026-11-30-lower-case-categories`. They run in the order they are listed. */
  id: string;
  /** `from` is what `save` was told last in a run that was cut off, `null` at first. Throws what `save` throws. */
  run(db: Db, from: unknown, save: (position: unknown) => Promise<void>): Promise<void>;
}

/** `until`: whose it is until then, if it does not say so again. */
interface Entry {
  _id: string;
  done: boolean;
  owner: string;
  until: Date;
  position: unknown;
}

/** Another replica has taken the migration over, because this one was silent for too long. */
export class MigrationLost extends Error {
  override readonly name = 'MigrationLost';
}

export interface MigrationOptions {
  /** After so much silence a replica is taken for dead, and another goes on, in milliseconds. */
  leaseMs: number;
}

const COLLECTION = 'migrations';
const RETRY_MS = 100;
const logger = new Logger('Migrations');

/**
 * Runs what has not run yet, each migration by one replica at a time, and resolves when all are done, whoever did them. Throws what
 * a migration throws; it can then be tried again.
 */
export async function migrate(
  db: Db,
  migrations: readonly Migration[],
  { leaseMs }: MigrationOptions = { leaseMs: 10_000 },
): Promise<void> {
  const entries = db.collection<Entry>(COLLECTION);
  for (const migration of migrations) {
    const lease = new Lease(entries, migration.id, leaseMs);
    while (!(await lease.isDone())) {
      if (await lease.take()) await lease.run(migration, db);
      else await pause(RETRY_MS);
    }
  }
}

/** The right to run one migration. */
class Lease {
  readonly #entries: mongo.Collection<Entry>;
  readonly #id: string;
  readonly #owner = randomUUID();
  readonly #leaseMs: number;

  constructor(entries: mongo.Collection<Entry>, id: string, leaseMs: number) {
    this.#entries = entries;
    this.#id = id;
    this.#leaseMs = leaseMs;
  }

  async isDone(): Promise<boolean> {
    return (await this.#entries.findOne({ _id: this.#id }))?.done === true;
  }

  /** Whether it is ours now: nobody has it, or whoever had it has been silent. */
  async take(): Promise<boolean> {
    const free = { _id: this.#id, done: false, until: { $lt: new Date() } };
    const mine = { $set: { owner: this.#owner, until: this.#end() }, $setOnInsert: { position: null } };
    try {
      const { matchedCount, upsertedCount } = await this.#entries.updateOne(free, mine, { upsert: true });
      return matchedCount + upsertedCount > 0;
    } catch (error) {
      // It is there, and somebody's.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async run({ id, run }: Migration, db: Db): Promise<void> {
    const from = (await this.#entries.findOne({ _id: id }))?.position ?? null;
    logger.log(from === null ? `${id} begins` : `${id} goes on where it was cut off`);
    await run(db, from, (position) => this.#say({ position }));
    await this.#say({ done: true });
    logger.log(`${id} is done`);
  }

  async #say(fields: Partial<Entry>): Promise<void> {
    const update = { $set: { ...fields, until: this.#end() } };
    const { matchedCount } = await this.#entries.updateOne({ _id: this.#id, owner: this.#owner }, update);
    if (matchedCount === 0) throw new MigrationLost(`another replica has taken ${this.#id} over`);
  }

  #end(): Date {
    return new Date(Date.now() + this.#leaseMs);
  }
}
