import { setTimeout as pause } from 'node:timers/promises';
import { TAP_SECONDS, tapAsked, tapped, type TappedCall } from '@souk/contracts';
import type { Options } from './arguments.ts';
import type { Bus } from './bus.ts';

/** Keeps a tap open until `signal` is aborted. Processes that join later are asked with the next renewal. */
export async function listen(
  bus: Bus,
  subjects: readonly string[],
  signal: AbortSignal,
  heard: (call: TappedCall) => void,
): Promise<void> {
  bus.listen(tapped, heard);
  while (!signal.aborted) {
    bus.announce(tapAsked, { subjects: [...subjects] });
    await pause((TAP_SECONDS * 1_000) / 2, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether a call is one of those that were asked for. */
export const isWanted = (
  { outcome, milliseconds, requestId }: TappedCall,
  options: Pick<Options, 'errors' | 'slow' | 'requestId'>,
): boolean =>
  (!options.errors || outcome !== 'ok') &&
  milliseconds >= options.slow &&
  (options.requestId === undefined || options.requestId === requestId);
