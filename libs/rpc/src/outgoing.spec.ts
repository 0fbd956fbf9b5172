import { expect, it } from 'vitest';
import { Outgoing } from './outgoing.ts';

const MANY = 4;

it('sends together, and in their order, what several callbacks of a turn have to send', async () => {
  const outgoing = new Outgoing();
  const sent: string[] = [];
  const callbacks = ['first', 'second'].map(
    (name) =>
      new Promise<void>((resolve) => {
        process.nextTick(() => resolve(outgoing.send(MANY, () => void sent.push(name))));
      }),
  );
  await new Promise((resolve) => process.nextTick(() => process.nextTick(resolve)));
  expect(sent).toEqual([]);
  await Promise.race(callbacks);
  expect(sent).toEqual(['first', 'second']);
});

it('tells who could not send, and sends what the others have', async () => {
  const outgoing = new Outgoing();
  const sent: string[] = [];
  const broken = outgoing.send(MANY, () => {
    throw new Error('closed');
  });
  await Promise.all([expect(broken).rejects.toThrow('closed'), outgoing.send(MANY, () => void sent.push('other'))]);
  expect(sent).toEqual(['other']);
});

it('sends at once what is one of a few', async () => {
  const sent: string[] = [];
  const sending = new Outgoing().send(MANY - 1, () => void sent.push('alone'));
  expect(sent).toEqual(['alone']);
  await sending;
});

it('tells who could not send at once', async () => {
  const broken = new Outgoing().send(1, () => {
    throw new Error('closed');
  });
  await expect(broken).rejects.toThrow('closed');
});
