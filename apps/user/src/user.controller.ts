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

  @Handles(userContracts.logout)
  logout(input: HandlerInput<typeof userContracts.logout>) {
    return this.users.logout(input);
  }

  @Handles(userContracts.logoutAll)
  logoutAll(input: HandlerInput<typeof userContracts.logoutAll>) {
    return this.users.logoutAll(input);
  }

  @Handles(userContracts.changePassword)
  changePassword(input: HandlerInput<typeof userContracts.changePassword>) {
    return this.users.changePassword(input);
  }

  @Handles(userContracts.revocations)
  revocations(input: HandlerInput<typeof userContracts.revocations>) {
    return this.users.listRevocations(input);
  }

  @Handles(userContracts.get)
  get(input: HandlerInput<typeof userContracts.get>) {
    return this.users.get(input);
  }
}
