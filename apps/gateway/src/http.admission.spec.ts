import type { Priority } from '@souk/contracts';
import { expect, it } from 'vitest';
import { gateOf } from './http.admission.ts';

it('keeps three quarters of the places for others while logins wait for their hash', () => {
  const gate = gateOf(32);
  const started = { order: 0, login: 0, profile: 0, catalogue: 0 };
  const enter = (priority: Priority) =>
    gate.enter(priority, 3_000, (refusal) => {
      if (!refusal) started[priority]++;
    });
  for (let login = 0; login < 100; login++) enter('login');
  for (let read = 0; read < 32; read++) enter('catalogue');
  for (let order = 0; order < 32; order++) enter('order');
  expect(started).toEqual({ order: 7, login: 8, profile: 0, catalogue: 17 });
});
