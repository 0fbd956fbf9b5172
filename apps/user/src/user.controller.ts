import { Controller } from '@nestjs/common';
import { type HandlerInput, userContracts } from '@souk/contracts';
import { Handles } from '@souk/rpc';
import { UserService } from './user.service.ts';

@Controller()
export class UserController {
  constructor(private readonly users: UserService) {}

  @Handles(userContracts.register)
  register(input: HandlerInput<typeof userContracts.register>) {
    return this.users.register(input);
  }

  @Handles(userContracts.login)
  login(input: HandlerInput<typeof userContracts.login>) {
    return this.users.login(input);
  }

  @Handles(userContracts.refresh)
  refresh(input: HandlerInput<typeof userContracts.refresh>) {
    return this.users.refresh(input);
  }

  @Handles(userContracts.get)
  get(input: HandlerInput<typeof userContracts.get>) {
    return this.users.get(input);
  }
}
