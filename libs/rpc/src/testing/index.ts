export { NatsServer } from './nats-server.ts';
