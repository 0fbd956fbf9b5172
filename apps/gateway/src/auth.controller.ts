import { Controller } from '@nestjs/common';
import { CurrentUser, type Principal } from '@souk/auth';
import { authEndpoints, type EndpointInput, type Session, type User, userContracts } from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { Endpoint, Input } from './endpoint.decorator.ts';
import { ProfileCache } from './profile.cache.ts';

@Controller()
export class AuthController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly profiles: ProfileCache,
  ) {}

  @Endpoint(authEndpoints.register)
  register(@Input() { body }: EndpointInput<typeof authEndpoints.register>): Promise<Session> {
    return this.rpc.call(userContracts.register, body);
  }

  @Endpoint(authEndpoints.login)
  login(@Input() { body }: EndpointInput<typeof authEndpoints.login>): Promise<Session> {
    return this.rpc.call(userContracts.login, body);
  }

  @Endpoint(authEndpoints.refresh)
  refresh(@Input() { body }: EndpointInput<typeof authEndpoints.refresh>): Promise<Session> {
    return this.rpc.call(userContracts.refresh, body);
  }

  @Endpoint(authEndpoints.logout)
  async logout(@Input() _: EndpointInput<typeof authEndpoints.logout>, @CurrentUser() { userId, sid }: Principal) {
    await this.rpc.call(userContracts.logout, { userId, sid });
    return undefined;
  }

  @Endpoint(authEndpoints.logoutAll)
  async logoutAll(@Input() _: EndpointInput<typeof authEndpoints.logoutAll>, @CurrentUser() { userId }: Principal) {
    await this.rpc.call(userContracts.logoutAll, { userId });
    return undefined;
  }

  @Endpoint(authEndpoints.changePassword)
  changePassword(
    @Input() { body }: EndpointInput<typeof authEndpoints.changePassword>,
    @CurrentUser() { userId }: Principal,
  ): Promise<Session> {
    return this.rpc.call(userContracts.changePassword, { ...body, userId });
  }

  @Endpoint(authEndpoints.profile)
  profile(@Input() _: EndpointInput<typeof authEndpoints.profile>, @CurrentUser() user: Principal): Promise<User> {
    return this.profiles.read(user.userId);
  }
}
