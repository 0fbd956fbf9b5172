/** The shop and its reference, ready to be measured; each answers its figure or throws if one answer was wrong. */
export interface Contest {
  ours: () => Promise<number>;
  reference: () => Promise<number>;
  /** Both are asked at the same time, so that whatever slows the machine slows both; for figures by CPU. */
  isAtOnce?: true;
  /** Stops what was started for it. */
  end?: () => Promise<void>;
}

/** One line of the table. `must` and `aim` are ratios of ours to the reference; the other way round where less is better. */
export interface Row {
  name: string;
  /** What ours is compared with. */
  against: string;
  unit: string;
  must: number;
  aim: number;
  /** What ours must be besides. */
  least?: number;
  isLessBetter?: true;
  /** With the catalogue cache off. */
  isUncached?: boolean;
  prepare: (bench: Bench) => Promise<Contest>;
}

/** Where everything is, and for how long each side is measured. */
export interface Bench {
  /** Of the shop: through Nginx, and the gateway itself. */
  baseUrl: string;
  gatewayUrl: string;
  mongoUrl: string;
  /** The state file of the stack. */
  stateFile: string;
  /** Of an admin, as the body of a login. */
  adminCredentials: string;
  seconds: number;
  /** For scripts and configurations; emptied before each stack. */
  directory: string;
}

/** What a row came to; figures and ratio are medians over the rounds. */
export interface Result {
  name: string;
  against: string;
  unit: string;
  ours: number;
  reference: number;
  /** Median of the ratios of each round: the machine is not the same from minute to minute. */
  ratio: number;
  must: number;
  aim: number;
  least: number;
  rounds: { ours: number; reference: number }[];
}

export const isMet = ({ ratio, must, ours, least }: Pick<Result, 'ratio' | 'must' | 'ours' | 'least'>): boolean =>
  ratio >= must && ours >= least;
