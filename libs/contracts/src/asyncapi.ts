import { z } from 'zod';
import { callHeaderNames } from './bus.ts';
import type { Contract, Event } from './contract.ts';
import { allContracts, allEvents } from './contracts.ts';
import { ErrorBody, type ErrorCode, errorTable } from './errors.ts';
import { exampleOf } from './example.ts';
import { type Json, schemaOf } from './json-schema.ts';
import { Id } from './scalars.ts';
import { Role } from './user.ts';

/** What any call may be answered instead of a reply, whatever its contract says. */
const alwaysPossible: readonly ErrorCode[] = [
  'VALIDATION_FAILED',
  'FORBIDDEN',
  'OVERLOADED',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
];

const CallHeaders = z.object({
  [callHeaderNames.requestId]: z.string().optional(),
  [callHeaderNames.caller]: z.string().optional().meta({ description: 'The program that calls.' }),
  [callHeaderNames.deadline]: z.string().optional().meta({ description: 'Milliseconds since the epoch.' }),
  [callHeaderNames.actingUser]: z
    .templateLiteral([Id, ' ', Role])
    .optional()
    .meta({ description: 'For whom the call is made.' }),
  [callHeaderNames.traceparent]: z.string().optional().meta({ description: 'W3C trace context.' }),
});
const ErrorHeaders = z.object({
  'Nats-Service-Error-Code': z.string().meta({ description: 'The HTTP status of the error.' }),
  'Nats-Service-Error': z.string().meta({ description: 'Its code.' }),
});

/** The bus as an AsyncAPI 3 document, made of the schemas that validate it. */
export function asyncApiDocument(): Json {
  const schemas: Json = {};
  const messages: Record<string, Json> = { error: errorMessage(schemas) };
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  for (const each of allContracts) addCall(each, { schemas, messages, channels, operations });
  for (const each of allEvents) addEvent(each, { schemas, messages, channels, operations });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Souk: the bus',
      version: '0.1.0',
      description: 'NATS services (ADR-32): each call has a queue group named for the service that answers.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT' },
    },
    servers: { bus: { host: 'localhost:4222', protocol: 'nats' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { schemas, messages },
  };
}

interface Parts {
  schemas: Json;
  messages: Record<string, Json>;
  channels: Record<string, Json>;
  operations: Record<string, Json>;
}

const refer = (path: string): Json => ({ $ref: `#/${path}` });

function addCall(contract: Contract, { schemas, messages, channels, operations }: Parts): void {
  const { subject, service, input, output } = contract;
  const [request, reply] = [`${subject}.request`, `${subject}.reply`];
  messages[request] = {
    headers: schemaOf(CallHeaders, 'input', schemas),
    payload: schemaOf(input, 'input', schemas),
    examples: [{ payload: exampleOf(input) }],
  };
  messages[reply] = { payload: schemaOf(output, 'output', schemas) };
  channels[subject] = {
    address: subject,
    messages: { request: refer(`components/messages/${request}`) },
    bindings: { nats: { queue: service } },
  };
  channels[reply] = {
    address: null,
    messages: { reply: refer(`components/messages/${reply}`), error: refer('components/messages/error') },
  };
  operations[subject] = {
    action: 'receive',
    channel: refer(`channels/${subject}`),
    messages: [refer(`channels/${subject}/messages/request`)],
    description: descriptionOf(contract),
    reply: {
      channel: refer(`channels/${reply}`),
      messages: [refer(`channels/${reply}/messages/reply`), refer(`channels/${reply}/messages/error`)],
    },
  };
}

function descriptionOf({ callers, idempotent, timeoutMs, errors }: Contract): string {
  const codes = [...new Set([...errors, ...alwaysPossible])].map((code) => `${code}: ${errorTable[code].title}`);
  const repeated = idempotent ? 'may be repeated' : 'must not be repeated';
  return `Called by ${callers.join(', ')}, answered within ${timeoutMs} ms, ${repeated}. Refusals: ${codes.join(' ')}`;
}

function addEvent(
  { subject, payload, publishers, listeners }: Event,
  { schemas, messages, channels, operations }: Parts,
) {
  messages[subject] = { payload: schemaOf(payload, 'input', schemas), examples: [{ payload: exampleOf(payload) }] };
  channels[subject] = { address: subject, messages: { event: refer(`components/messages/${subject}`) } };
  operations[subject] = {
    action: 'send',
    channel: refer(`channels/${subject}`),
    messages: [refer(`channels/${subject}/messages/event`)],
    description: `Told by ${publishers.join(', ')} to every replica of ${listeners.join(', ')}.`,
  };
}

const errorMessage = (schemas: Json): Json => ({
  headers: schemaOf(ErrorHeaders, 'output', schemas),
  payload: schemaOf(ErrorBody, 'input', schemas),
});
