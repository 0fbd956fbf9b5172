export { BusConnection, type BusConnectionOptions } from './connection.ts';
export { Handles } from './handles.decorator.ts';
export { RpcClient } from './rpc.client.ts';
export { RpcModule } from './rpc.module.ts';
export type { RpcOptions } from './rpc.options.ts';
export { RpcServer } from './rpc.server.ts';
