export * from './bootstrap.ts';
export * from './env.ts';
export * from './health.service.ts';
export * from './logger.ts';
export * from './metrics.module.ts';
export * from './platform.module.ts';
export * from './protocol.channel.ts';
export * from './request-context.ts';
