import type { BusConnectionOptions } from './connection.ts';

export interface RpcOptions extends BusConnectionOptions {
  /** Whether calls that failed may be tried once more: in one place of the system, its edge. Default false. */
  retries?: boolean;
  /** What this process handles at once; default 64. */
  maxInFlight?: number;
}

/** Injects `RpcOptions`. */
export const RPC_OPTIONS = Symbol('RPC_OPTIONS');
