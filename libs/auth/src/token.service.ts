import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type Principal, TOKEN_USE } from './access-token.ts';

/** Signs access tokens. */
@Injectable()
export class TokenService {
  constructor(private readonly jwt: JwtService) {}

  sign({ userId, role, sid, since, email }: Principal): string {
    const auth_time = since.getTime() / 1_000;
    // Not `signAsync`, which signs on this thread all the same, through three streams.
    return this.jwt.sign({ role, sid, email, auth_time, token_use: TOKEN_USE }, { subject: userId });
  }
}
