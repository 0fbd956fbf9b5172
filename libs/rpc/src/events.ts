import type { Msg } from '@nats-io/nats-core';
import type { Event } from '@souk/contracts';
import type { z } from 'zod';
import type { BusConnection } from './connection.ts';

/** Tells every listener on every replica; nobody answers, and nobody may be listening. */
export function publishEvent<E extends Event>(
  { isUp, nats }: BusConnection,
  { subject }: E,
  payload: z.input<E['payload']>,
): void {
  if (isUp) nats.publish(subject, JSON.stringify(payload));
}

/** A message that does not match the event's schema is dropped: it came from somewhere else. */
export function subscribeEvent<E extends Event>(
  { nats }: BusConnection,
  { subject, payload }: E,
  listener: (payload: z.output<E['payload']>) => void,
): void {
  nats.subscribe(subject, {
    callback: (error, message) => {
      const parsed = error ? undefined : payload.safeParse(jsonOf(message));
      if (parsed?.success) listener(parsed.data as z.output<E['payload']>);
    },
  });
}

/** The payload of a message; undefined where it is not JSON. */
export function jsonOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
