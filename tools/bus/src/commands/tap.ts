import { appendFileSync, writeFileSync } from 'node:fs';
import type { TappedCall } from '@souk/contracts';
import { subjectsOf } from '../arguments.ts';
import { isWanted, listen } from '../tapping.ts';
import { ms, short } from '../text.ts';
import type { Command } from './command.ts';

/** Calls as they are answered, one line each. */
export const tap: Command = async ({ bus, options, print, say, signal }) => {
  const { json, record, operands } = options;
  if (record !== undefined) writeFileSync(record, '', { mode: 0o600 });
  say('listening; Ctrl-C ends it');
  await listen(bus, subjectsOf(operands), signal, (call) => {
    if (!isWanted(call, options)) return;
    if (record !== undefined) appendFileSync(record, `${JSON.stringify(call)}\n`);
    print(json ? JSON.stringify(call) : lineOf(call));
  });
  return 0;
};

function lineOf({
  at,
  subject,
  caller,
  replica,
  milliseconds,
  outcome,
  requestId,
  request,
  reply,
}: TappedCall): string {
  const ends = `${caller ?? 'by hand'} → ${replica === null ? 'nobody' : short(replica)}`;
  const facts = [
    at.slice(11, 23),
    subject.padEnd(20),
    ends.padEnd(18),
    ms(milliseconds).padStart(9),
    outcome.padEnd(20),
    requestId,
  ];
  return `${facts.join('  ')}\n    ${cut(request)}\n    ${cut(reply)}`;
}

const LONGEST = 200;
const cut = (payload: unknown): string => {
  const text = JSON.stringify(payload) ?? '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
