import { Injectable } from '@nestjs/common';

@Injectable()
export class __Name__Service {
  greet(name: string): { greeting: string } {
    return { greeting: `Hello, ${name}.` };
  }
}
