import { UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { Contract, HandlerInput } from '@souk/contracts';
import type { z } from 'zod';
import { RpcErrorFilter } from './rpc-error.filter.ts';

type Handler<C extends Contract> = (input: HandlerInput<C>) => Promise<z.input<C['output']>>;

const handled = new Map<string, Contract>();

/**
 * Binds a controller method to a contract. The method receives the validated input and answers what the contract
 * promises; one of another shape does not compile.
 */
export const Handles =
  <C extends Contract>(contract: C) =>
  <H extends Handler<C>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<H>): void => {
    handled.set(contract.subject, contract);
    MessagePattern(contract.subject)(target, key, descriptor);
    UseFilters(RpcErrorFilter)(target, key, descriptor);
  };

/** The contract a subject is handled under in this process. */
export function contractOf(subject: string): Contract {
  const contract = handled.get(subject);
  if (!contract) throw new TypeError(`${subject} has a handler but no contract: bind it with @Handles`);
  return contract;
}
