export { startOnBus } from './bus-app.ts';
export { NatsServer } from './nats-server.ts';
