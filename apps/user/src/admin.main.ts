import { inspect } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppError } from '@souk/contracts';
import { EnvError, parseEnv } from '@souk/platform';
import { AdminAccounts } from './admin.accounts.ts';
import { ADMIN_HELP, AdminUsageError, parseAdminCommand, runAdminCommand } from './admin.command.ts';
import { askPassword } from './ask-password.ts';
import { AdminEnv } from './env.ts';
import { accountParts } from './user.module.ts';

async function main(args: string[]): Promise<number> {
  try {
    const command = parseAdminCommand(args);
    if (command.help) {
      print(ADMIN_HELP);
      return 0;
    }
    const env = parseEnv(AdminEnv, process.env);
    const app = await NestFactory.createApplicationContext(AdminModule.with(env), {
      logger: ['error'],
      abortOnError: false,
    });
    const user = await runAdminCommand(command, app.get(AdminAccounts), askPassword, env.PASSWORD_MIN_LENGTH);
    print(command.json ? JSON.stringify(user) : `${user.email} is an admin.`);
    return 0;
  } catch (error) {
    process.stderr.write(`${isExpected(error) ? error.message : inspect(error)}\n`);
    return error instanceof AdminUsageError ? 2 : 1;
  }
}

@Module({})
class AdminModule {
  static with(env: AdminEnv): DynamicModule {
    return { module: AdminModule, ...accountParts(env) };
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const isExpected = (error: unknown): error is Error =>
  error instanceof AppError || error instanceof AdminUsageError || error instanceof EnvError;

// Last, so that all it needs is there.
process.exit(await main(process.argv.slice(2)));
