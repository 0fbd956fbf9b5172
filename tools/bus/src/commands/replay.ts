import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TappedCall } from '@souk/contracts';
import { UsageError } from '@souk/stack';
import { contractOf } from '../arguments.ts';
import type { Bus } from '../bus.ts';
import { columns, ms } from '../text.ts';
import { send } from './call.ts';
import type { Command } from './command.ts';

interface Replayed {
  subject: string;
  /** `ok`, an error code, or why it was not sent. */
  before: string;
  now: string;
  milliseconds: number | undefined;
}

/** Makes recorded calls again, one after the other. Status 1 where one ended otherwise than it did. */
export const replay: Command = async ({ bus, options: { operands, json, force }, print, say }) => {
  const results: Replayed[] = [];
  for (const recorded of recordedIn(operands[0])) results.push(await again(bus, recorded, force));
  if (json) for (const each of results) print(JSON.stringify(each));
  else
    print(
      columns(
        ['call', 'then', 'now', 'took'],
        results.map(({ subject, before, now, milliseconds }) => [
          subject,
          before,
          now,
          milliseconds === undefined ? '' : ms(milliseconds),
        ]),
      ),
    );
  const sent = results.filter(({ milliseconds }) => milliseconds !== undefined);
  const differing = sent.filter(({ before, now }) => before !== now);
  say(`${sent.length} sent, ${differing.length} ended otherwise, ${results.length - sent.length} not sent`);
  return differing.length > 0 ? 1 : 0;
};

async function again(bus: Bus, { subject, request, outcome: before }: TappedCall, force: boolean): Promise<Replayed> {
  const contract = contractOf(subject);
  const unsent = (now: string): Replayed => ({ subject, before, now, milliseconds: undefined });
  if (!contract.idempotent && !force) return unsent('not idempotent: --force');
  if (!contract.input.safeParse(request).success) return unsent('its secrets were not recorded');
  const { outcome: now, milliseconds } = await send(bus, contract, request, randomUUID());
  return { subject, before, now, milliseconds };
}

function recordedIn(file: string | undefined): TappedCall[] {
  if (file === undefined) throw new UsageError('Which file? Record one with `npm run bus -- tap --record <file>`.');
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line, index) => {
    const call = TappedCall.safeParse(parsed(line));
    if (call.success) return call.data;
    throw new UsageError(`${file}:${index + 1}: not a call that \`tap --record\` wrote.`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
