import { channel } from 'node:diagnostics_channel';

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

const answered = channel('souk:http');

export const announceRequest = (request: AnsweredRequest): void => answered.publish(request);

/** Nobody else publishes there, and to check each of twenty thousand a second again would cost a twentieth of its answer. */
export const onAnsweredRequest = (listener: (request: AnsweredRequest) => void): void =>
  answered.subscribe((message) => listener(message as AnsweredRequest));
