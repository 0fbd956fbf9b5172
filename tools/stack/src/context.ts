/** What everything that looks outside gets handed, so that specs can hand it something else. */
export type Context = {
  env: NodeJS.ProcessEnv;
  /** The `.souk` directory. */
  souk: string;
  /** Tells the person waiting what is going on, one line at a time. */
  say: (line: string) => void;
  /** Aborted when everything is to stop. */
  signal?: AbortSignal;
};
