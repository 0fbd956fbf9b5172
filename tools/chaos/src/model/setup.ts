/** One try to place an order: the key it names and the body it carries, both as numbers. */
export interface PlannedTry {
  readonly key: number;
  readonly body: number;
}

export interface Line {
  readonly product: number;
  readonly quantity: number;
}

/** A configuration of the model: who takes part, and what the environment may do to them. */
export interface Setup {
  readonly tries: readonly PlannedTry[];
  /** Units of each product at the start. */
  readonly stock: readonly number[];
  /** The lines of each body. */
  readonly bodies: readonly (readonly Line[])[];
  readonly sweepers: number;
  /** Keys whose order may be cancelled at any time. */
  readonly cancels: readonly number[];
  /** Processes that finish a cancel: the one that was asked, and order sweepers. */
  readonly drivers: number;
  /** A placer whose insert has an unknown outcome may send it again. */
  readonly insertSentAgain: boolean;
  /** The bus delivers every reserve message twice. */
  readonly reserveDeliveredTwice: boolean;
  /** The deadline of a try passes at any time after its start. */
  readonly deadlinesPass: boolean;
  /** A handler drops a reserve message whose deadline has passed. */
  readonly lateReserveDropped: boolean;
  /** Sweepers leave holds alone until the deadline of their try has passed. */
  readonly agedSweep: boolean;
  /** A placer looks at its deadline before it sends its insert. */
  readonly insertChecked: boolean;
  /** A try whose attempt was voided reserves anew (once). */
  readonly retriesVoided: boolean;
}
