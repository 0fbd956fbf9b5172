import { Controller } from '@nestjs/common';
import { type HandlerInput, __name__Contracts as contracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { __Name__Service } from './__name__.service.ts';

@Controller()
export class __Name__Controller {
  constructor(private readonly service: __Name__Service) {}

  @Handles(contracts.greet)
  greet({ name }: HandlerInput<typeof contracts.greet>) {
    return this.service.greet(name);
  }
}
