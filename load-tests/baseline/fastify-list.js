// PORT, PAGE: a page of products as JSON.
import Fastify from 'fastify';

const page = JSON.parse(process.env.PAGE);

const fastify = Fastify();
fastify.get('/api/products', () => page);
await fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
