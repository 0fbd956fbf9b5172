import { randomUUID } from 'node:crypto';
import { AppError, type Contract, exampleOf, parseOrRefuse } from '@souk/contracts';
import { UsageError } from '@souk/stack';
import { contractOf } from '../arguments.ts';
import type { Bus } from '../bus.ts';
import { callHeaders, failureOf, type Outcome, outcomeOf } from '../outcome.ts';
import { ms } from '../text.ts';
import type { Command } from './command.ts';

/** One call; what is wrong with its input is said before anything is sent. */
export const call: Command = async ({ bus, options: { operands, json, requestId = randomUUID() }, print, say }) => {
  const [subject = '', text = '{}'] = operands;
  const contract = contractOf(subject);
  const result = await send(bus, contract, checked(contract, text), requestId);
  const { outcome, reply, milliseconds, advice } = result;
  if (json) print(JSON.stringify({ subject, requestId, ...result }));
  else if (reply !== undefined) print(JSON.stringify(reply, null, 2));
  say(`${outcome} in ${ms(milliseconds)} · request ${requestId}`);
  if (advice) say(advice);
  return outcome === 'ok' ? 0 : 1;
};

/** Makes a call and tells how it ended. Throws where there is no bus to make it on. */
export async function send(bus: Bus, contract: Contract, input: unknown, requestId: string): Promise<Outcome> {
  const start = performance.now();
  try {
    const message = await bus.call(contract, input, callHeaders(requestId));
    return outcomeOf(contract, message, performance.now() - start);
  } catch (error) {
    return failureOf(contract, error, performance.now() - start);
  }
}

/** The input as it will be sent. Throws `UsageError` that names each wrong field and shows one that would do. */
function checked(contract: Contract, text: string): unknown {
  const input = parsed(text);
  try {
    parseOrRefuse(contract.input, input);
    return input;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(`${reasons(error)}\n\nThis would do:\n  ${JSON.stringify(exampleOf(contract.input))}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The input is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function reasons({ details, message }: AppError): string {
  const errors = Array.isArray(details?.['errors']) ? details['errors'] : [{ field: '', message }];
  return errors.map(({ field, message: reason }) => `${field || 'input'}: ${reason}`).join('\n');
}
