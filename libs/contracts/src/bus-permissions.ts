import type { Program } from './contract.ts';
import { allContracts, allEvents } from './contracts.ts';

/** What a program may do on the bus, as a NATS server is told it: subjects, with a queue group where one is named. */
export interface BusPermissions {
  publish: string[];
  subscribe: string[];
  /** Whether it may answer what it is asked. */
  responds: boolean;
}

/** Where the replies to a program go: a place of its own, or every client could read everybody's. */
export const inboxOf = (program: string): string => `_INBOX.${program}`;

/** The permissions of a program, taken from the contracts: nobody else may call, announce or listen. */
export function busPermissions(program: Program): BusPermissions {
  return program === 'operator' ? operator() : app(program);
}

function app(program: Program): BusPermissions {
  const calls = allContracts.filter(({ callers }) => callers.includes(program));
  const handles = allContracts.filter(({ service }) => service === program);
  return {
    publish: [
      ...calls.map(({ subject }) => subject),
      ...new Set(calls.flatMap(({ service }) => [`$SRV.PING.${service}`, `$SRV.STATS.${service}`])),
      ...announcedBy(program),
    ],
    subscribe: [
      ...handles.map(({ subject, service }) => `${subject} ${service}`),
      ...allEvents.filter(({ listeners }) => listeners.includes(program)).map(({ subject }) => subject),
      // Without it a service is not found by `nats micro`, and does not notice (FACTS).
      ...(handles.length > 0 ? ['$SRV.>'] : []),
      `${inboxOf(program)}.>`,
    ],
    responds: handles.length > 0,
  };
}

/** Who debugs the bus hears everything and calls everything, and answers nothing in a service's place. */
function operator(): BusPermissions {
  const calls = allContracts.map(({ subject }) => subject);
  return { publish: [...calls, ...announcedBy('operator'), '$SRV.>'], subscribe: ['>'], responds: false };
}

const announcedBy = (program: Program): string[] =>
  allEvents.filter(({ publishers }) => publishers.includes(program)).map(({ subject }) => subject);
