/** What the nemesis can do. */
export const FAULT_KINDS = [
  'kill',
  'term',
  'stop',
  'flush',
  'latency',
  'blackhole',
  'oneway',
  'reset',
  'halfclose',
  'refuse',
  'redeliver',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault of a schedule; times are milliseconds from the start of the run. */
export type Fault = {
  at: number;
  kind: FaultKind;
  /** A process (`order-2`, `mongo`), a wire (`order-2/mongo`), or `bus`. */
  target: string;
  /** 0 for what has no end of its own. */
  durationMs: number;
  /** Latency: how much of it. Redelivery: the share of the messages. Half-close: below ½ towards the server. */
  strength: number;
};

/** What can be hurt. */
export type Targets = { processes: readonly string[]; wires: readonly string[]; hasRedis: boolean };
