/** The shop and its reference, ready to be measured; each answers its figure (more is better) or throws if one answer was wrong. */
export interface Contest {
  ours: () => Promise<number>;
  reference: () => Promise<number>;
  end: () => Promise<void>;
}

/** One line of the table. `must` and `aim` are ratios of ours to the reference. */
export interface Row {
  name: string;
  /** What ours is compared with. */
  against: string;
  unit: string;
  must: number;
  aim: number;
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
  rounds: { ours: number; reference: number }[];
}

export const isMet = ({ ratio, must }: Pick<Result, 'ratio' | 'must'>): boolean => ratio >= must;
