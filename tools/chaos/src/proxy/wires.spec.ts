import { describe, expect, it } from 'vitest';
import { Wires } from './wires.ts';

describe('wires', () => {
  it.each([
    'nats://user:secret@127.0.0.1:4222',
    'nats://user:12ab@127.0.0.1:4222',
    'nats://user:1234@127.0.0.1:4222',
    'redis://127.0.0.1:6379/1',
    'mongodb://127.0.0.1:27017/?directConnection=true',
  ])('changes nothing but the address of %s', async (url) => {
    const wires = new Wires();
    const routed = await wires.route('mongo', url, 'order', 2);
    const { host, port } = wires.named('order-2/mongo').link.address;
    expect(routed).toBe(url.replace(/127\.0\.0\.1:\d+/, `${host}:${port}`));
    await wires.close();
  });
});
