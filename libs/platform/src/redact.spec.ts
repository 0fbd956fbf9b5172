import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it.each([
  ['a token', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-_1 here', 'got [token] here'],
  ['a header', 'authorization: Bearer abc.def and more', 'authorization: Bearer [token] and more'],
  ['a hash', 'was $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA now', 'was [hash] now'],
  ['an older hash', 'was $2b$10$abcdefghijklmnopqrstuv now', 'was [hash] now'],
  ['a URL', 'connect mongodb://user:pw@h:1/db failed', 'connect mongodb://[login]@h:1/db failed'],
  ['an e-mail', 'E11000 dup key: { email: \\"a.b+c@test.com\\" }', 'E11000 dup key: { email: \\"[e-mail]\\" }'],
  ['nothing secret', 'order 4f5e of user 6a7b failed at 12:30', 'order 4f5e of user 6a7b failed at 12:30'],
])('takes out %s', (_, text, expected) => {
  expect(redact(text)).toBe(expected);
});
