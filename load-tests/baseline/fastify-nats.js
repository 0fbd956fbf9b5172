// PORT, NATS_URL.
import { connect } from '@nats-io/transport-node';
import Fastify from 'fastify';

const nats = await connect({ servers: process.env.NATS_URL, waitOnFirstConnect: true });

const fastify = Fastify();
fastify.get('/api/products/:id', async ({ params }) => (await nats.request('baseline.find', params.id)).json());
await fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
