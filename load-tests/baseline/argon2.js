// SECONDS. Prints hashes a second: one for each core at a time, as many as the library's threads get through.
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

const hashed = await hash('pass123', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

async function verifyFor(seconds) {
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const one = async () => {
    for (; performance.now() < end; done++) await verify(hashed, 'pass123');
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return done / seconds;
}

await verifyFor(1);
console.log(await verifyFor(Number(process.env.SECONDS)));
