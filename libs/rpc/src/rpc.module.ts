import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { logLevelAsked } from '@souk/contracts';
import { HealthService, setLogLevel } from '@souk/platform';
import { BusConnection } from './connection.ts';
import { subscribeEvent } from './events.ts';
import { RpcClient } from './rpc.client.ts';
import { roundTripChannel, secondsSince } from './rpc.channels.ts';
import { RPC_OPTIONS, type RpcOptions } from './rpc.options.ts';
import { RpcServer } from './rpc.server.ts';
import { Wiretap } from './wiretap.ts';

const ROUND_TRIP_INTERVAL_MS = 5_000;

/** One connection to the bus for the whole process, and the two ends of it. */
@Module({})
export class RpcModule implements OnApplicationShutdown {
  #stopping = false;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly connection: BusConnection,
    health: HealthService,
  ) {
    health.add({ name: 'nats', critical: true, check: () => connection.ping() });
    subscribeEvent(connection, logLevelAsked, ({ level, program }) => {
      if (program === null || program === connection.name) setLogLevel(level);
    });
    this.#timer = setInterval(() => void this.#measureRoundTrip(), ROUND_TRIP_INTERVAL_MS);
    void this.#exitWhenLost();
  }

  static forRoot(options: RpcOptions): DynamicModule {
    return {
      module: RpcModule,
      global: true,
      providers: [
        { provide: RPC_OPTIONS, useValue: options },
        { provide: BusConnection, useFactory: () => BusConnection.open(options) },
        Wiretap,
        RpcClient,
        RpcServer,
      ],
      exports: [RpcClient, RpcServer],
    };
  }

  /** Global modules are shut down last, so whoever has something left to say has said it. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.connection.close();
  }

  async #measureRoundTrip(): Promise<void> {
    const start = performance.now();
    const isAnswered = await this.connection.ping().then(
      () => true,
      () => false,
    );
    if (isAnswered) roundTripChannel.publish({ seconds: secondsSince(start) });
  }

  // A connection that is closed for good would leave this process running and deaf; a supervisor starts a new one.
  async #exitWhenLost(): Promise<void> {
    const error = await this.connection.nats.closed();
    if (this.#stopping) return;
    throw new Error('the connection to NATS was closed for good', { cause: error });
  }
}
