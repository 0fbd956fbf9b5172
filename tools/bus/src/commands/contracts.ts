import { allContracts, allEvents, type Contract, exampleOf } from '@souk/contracts';
import { z } from 'zod';
import { contractOf } from '../arguments.ts';
import { columns } from '../text.ts';
import type { Terms } from './command.ts';

/** Every call there is, or one of them whole. Needs no bus. */
export function contracts({ options: { operands, json }, print }: Pick<Terms, 'options' | 'print'>): number {
  const [subject] = operands;
  if (subject !== undefined) print(json ? JSON.stringify(described(contractOf(subject))) : page(contractOf(subject)));
  else if (json) for (const each of allContracts) print(JSON.stringify(described(each)));
  else print(overview());
  return 0;
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io, unrepresentable: 'any' });

function described({ subject, input, output, idempotent, actsFor, callers, timeoutMs, priority, errors }: Contract) {
  const schemas = { input: schemaOf(input, 'input'), output: schemaOf(output, 'output') };
  return { subject, idempotent, actsFor, callers, timeoutMs, priority, errors, ...schemas, example: exampleOf(input) };
}

function overview(): string {
  const calls = allContracts.map(({ subject, idempotent, callers, timeoutMs, errors }) => [
    subject,
    callers.join(', '),
    idempotent ? 'yes' : 'no',
    `${timeoutMs} ms`,
    errors.join(', '),
  ]);
  const events = allEvents.map(({ subject, publishers, listeners }) => [
    subject,
    publishers.join(', '),
    listeners.join(', '),
  ]);
  const shown = columns(['call', 'by', 'idempotent', 'timeout', 'refusals'], calls);
  return `${shown}\n\n${columns(['announcement', 'by', 'to'], events)}`;
}

function page(contract: Contract): string {
  const { subject, idempotent, actsFor, callers, timeoutMs, priority, errors, input, output, example } =
    described(contract);
  return [
    subject,
    `  called by   ${callers.join(', ')}`,
    `  for         ${actsFor}`,
    `  idempotent  ${idempotent ? 'yes' : 'no'}`,
    `  timeout     ${timeoutMs} ms`,
    `  priority    ${priority}`,
    `  refusals    ${errors.join(', ') || 'none of its own'}`,
    `\nInput\n${JSON.stringify(input, null, 2)}`,
    `\nOutput\n${JSON.stringify(output, null, 2)}`,
    `\nExample\n  npm run bus -- call ${subject} '${JSON.stringify(example)}'`,
  ].join('\n');
}
