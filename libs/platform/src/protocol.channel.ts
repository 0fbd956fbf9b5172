import { channel } from 'node:diagnostics_channel';
import type { ProtocolStep } from '@souk/contracts';

const steps = channel('souk:order:step');

/** Announces a step of the order protocol that has just been taken, as `{ step }`. */
export function announceStep(step: ProtocolStep): void {
  steps.publish({ step });
}
