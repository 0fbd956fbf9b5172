import { Injectable } from '@nestjs/common';

@Injectable()
export class __Name__Service {
  async greet(name: string): Promise<{ greeting: string }> {
    return { greeting: `Hello, ${name}.` };
  }
}
