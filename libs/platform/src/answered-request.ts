/** A request over HTTP that was answered. */
export interface AnsweredRequest {
  requestId: string;
  userId: string | undefined;
  method: string;
  /** The path of the route, with its parameters' names: bounded, so that it can be a label. */
  route: string;
  status: number;
  seconds: number;
  /** One of thousands a second, of which nobody wants to read a line. */
  isRoutine: boolean;
}

type Listener = (request: AnsweredRequest) => void;
const listeners: Listener[] = [];

/**
 * Not on a diagnostics channel as other facts: there, telling two listeners of each of twenty thousand hits a second cost a tenth
 * of the hit (`npm run bench -- --only observed`).
 */
export const announceRequest = (request: AnsweredRequest): void => {
  for (const listener of listeners) listener(request);
};

export const onAnsweredRequest = (listener: Listener): void => void listeners.push(listener);
