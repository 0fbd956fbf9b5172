import { type DynamicModule, Inject, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { InjectConnection, MongooseModule, type MongooseModuleFactoryOptions } from '@nestjs/mongoose';
import { HealthService } from '@souk/platform';
import { type Connection, type Model, set } from 'mongoose';
import { migrate, type Migration } from './migrations.ts';
import { MongoErrorInterceptor } from './mongo.errors.ts';
import { watchStore } from './store.monitor.ts';

/** Client side limit of one try of an operation, in milliseconds (DESIGN §4). */
const OPERATION_TIMEOUT_MS = 800;
/**
 * What one process asks the store for at once. The rest waits here, where giving up costs nothing: what a slow store has
 * been sent it works through although nobody waits any more, and so gets slower still (docs/decisions.md).
 */
const MAX_POOL_SIZE = 10;

const connectionOptions = {
  maxPoolSize: MAX_POOL_SIZE,
  // The driver that Mongoose carries ignores `timeoutMS`; only these four together bound a call to a frozen server.
  socketTimeoutMS: OPERATION_TIMEOUT_MS,
  connectTimeoutMS: OPERATION_TIMEOUT_MS,
  waitQueueTimeoutMS: OPERATION_TIMEOUT_MS,
  serverSelectionTimeoutMS: OPERATION_TIMEOUT_MS,
  // An acknowledged write is on disk, on most members.
  writeConcern: { w: 'majority', journal: true },
  // Mongoose would hold what is asked while it is disconnected, for ten seconds.
  bufferCommands: false,
  // Indexes are built where their failure stops the start, below.
  autoIndex: false,
  monitorCommands: true,
  onConnectionCreate: watchStore,
} as const satisfies MongooseModuleFactoryOptions;

set('strictQuery', 'throw');
set('sanitizeFilter', true);

/** Injects the migrations of the app. */
const MIGRATIONS = Symbol('MIGRATIONS');

/**
 * Brings the data up to date and builds each model's indexes before the process joins its queue group: two of them are the
 * arbiters of DESIGN §5.
 */
@Injectable()
class StorePreparation implements OnApplicationBootstrap {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    @Inject(MIGRATIONS) private readonly migrations: readonly Migration[],
    health: HealthService,
  ) {
    health.add({ name: 'mongodb', critical: false, check: async () => this.connection.db?.command({ ping: 1 }) });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.connection.db) await migrate(this.connection.db, this.migrations);
    await Promise.all(Object.values(this.connection.models).map(buildIndexes));
  }
}

/** Throws naming the model whose indexes could not be built. */
async function buildIndexes(model: Model<unknown>): Promise<void> {
  try {
    await model.createIndexes();
  } catch (cause) {
    throw new Error(`cannot build the indexes of ${model.modelName}: ${String(cause)}`, { cause });
  }
}

/** The app's own database. */
@Module({})
export class MongoModule {
  static forRoot(url: string, migrations: readonly Migration[] = []): DynamicModule {
    return {
      module: MongoModule,
      imports: [MongooseModule.forRoot(url, connectionOptions)],
      providers: [
        StorePreparation,
        { provide: MIGRATIONS, useValue: migrations },
        { provide: APP_INTERCEPTOR, useClass: MongoErrorInterceptor },
      ],
    };
  }
}
