import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { type Principal, TOKEN_USE } from './access-token.ts';

/** Signs access tokens. */
@Injectable()
export class TokenService {
  constructor(private readonly jwt: JwtService) {}

  sign({ userId, role, sid, email }: Principal): Promise<string> {
    return this.jwt.signAsync({ role, sid, email, token_use: TOKEN_USE }, { subject: userId });
  }
}
