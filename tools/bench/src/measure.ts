import type { Bench, Contest, Result, Row } from './row.ts';

/** Measures the reference and ours by turns, or at once. Throws if a single answer was wrong: then there is no figure. */
export async function measure(
  { prepare, name, against, unit, must, aim, least = 0, isLessBetter }: Row,
  bench: Bench,
  count: number,
  say: (line: string) => void,
): Promise<Result> {
  const contest = await prepare(bench);
  const rounds: Result['rounds'] = [];
  try {
    for (let round = 1; round <= count; round++) {
      const { ours, reference } = await oneRound(contest, against);
      rounds.push({ ours, reference });
      say(`${name}: round ${round} of ${count}: ${Math.round(ours)} against ${Math.round(reference)} ${unit}`);
    }
  } finally {
    await contest.end?.();
  }
  const [ours, reference] = [median(rounds.map(({ ours }) => ours)), median(rounds.map(({ reference }) => reference))];
  const ratios = rounds.map(({ ours, reference }) => (isLessBetter ? reference / ours : ours / reference));
  return { name, against, unit, ours, reference, ratio: median(ratios), must, aim, least, rounds };
}

async function oneRound({ isAtOnce, ...sides }: Contest, against: string): Promise<Result['rounds'][number]> {
  const askReference = () => sides.reference().catch(blaming(against));
  const askOurs = () => sides.ours().catch(blaming('ours'));
  if (!isAtOnce) {
    const reference = await askReference();
    return { reference, ours: await askOurs() };
  }
  const [reference, ours] = await Promise.all([askReference(), askOurs()]);
  return { reference, ours };
}

const blaming = (side: string) => (cause: unknown) => {
  throw new Error(`${side}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
};

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(middle)] ?? Number.NaN) + (ascending[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
