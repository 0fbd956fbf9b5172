import { describe, expect, it, vi } from 'vitest';
import { parseArguments } from './arguments.ts';
import { measure, median } from './measure.ts';
import type { Bench, Row } from './row.ts';
import { rows } from './rows/index.ts';
import { table } from './table.ts';
import { rateIn } from './wrk.ts';

const bench: Bench = {
  baseUrl: '',
  gatewayUrl: '',
  mongoUrl: '',
  stateFile: '',
  adminCredentials: '',
  seconds: 1,
  directory: '',
};

function scripted(ours: number[], reference: number[]) {
  const turns: string[] = [];
  const next = (side: string, figures: number[]) => () => {
    turns.push(side);
    const figure = figures.shift();
    return figure === undefined ? Promise.reject(new Error('a wrong answer')) : Promise.resolve(figure);
  };
  const end = vi.fn(() => Promise.resolve());
  const prepare = async () => ({ ours: next('ours', ours), reference: next('reference', reference), end });
  const row: Row = { name: 'reads', against: 'another', unit: 'requests/s', must: 0.8, aim: 1, prepare };
  return { row, turns, end };
}

describe('a measurement', () => {
  it('takes turns, and compares within each round', async () => {
    const { row, turns, end } = scripted([100, 300, 90], [100, 600, 100]);
    const { ours, reference, ratio } = await measure(row, bench, 3, () => {});
    expect(turns).toEqual(['reference', 'ours', 'reference', 'ours', 'reference', 'ours']);
    expect([ours, reference, ratio]).toEqual([100, 100, 0.9]);
    expect(end).toHaveBeenCalledOnce();
  });

  it('asks both at once where that is wanted', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const prepare = async () => ({
      reference: () => promise,
      ours: async () => {
        resolve(100);
        return 90;
      },
      isAtOnce: true as const,
    });
    expect((await measure({ ...scripted([], []).row, prepare }, bench, 1, () => {})).ratio).toBe(0.9);
  });

  it('compares the other way round where less is better', async () => {
    const row: Row = { ...scripted([50], [100]).row, isLessBetter: true };
    expect((await measure(row, bench, 1, () => {})).ratio).toBe(2);
  });

  it('is none when one answer was wrong, and what was started is stopped', async () => {
    const { row, end } = scripted([100], [100, 100]);
    await expect(measure(row, bench, 2, () => {})).rejects.toThrow('ours: a wrong answer');
    expect(end).toHaveBeenCalledOnce();
  });

  it('goes by the middle of its rounds', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe('what wrk prints', () => {
  it('is a rate', () => {
    expect(rateIn('  50 requests in 1s\nRequests/sec:  12345.67\n')).toBe(12_345.67);
  });

  it('is no figure where one answer was wrong or missing', () => {
    expect(() => rateIn('Non-2xx or 3xx responses: 3\nRequests/sec: 12.0\n')).toThrow('Non-2xx or 3xx responses: 3');
    expect(() => rateIn('Socket errors: connect 0, read 2, write 0, timeout 0\nRequests/sec: 1.0\n')).toThrow(/read 2/);
  });
});

it('shows what is below what it must be', async () => {
  const met = await measure(scripted([90], [100]).row, bench, 1, () => {});
  const missed = { ...met, name: 'writes', ratio: 0.5 };
  const [head, first, second] = table([met, missed], 'mongod').split('\n');
  expect(head).toMatch(/ours +reference +ratio +must +aim$/);
  expect(first).toMatch(/^✓ reads +another +90 +100 +0\.90 × +0\.80 × +1\.00 × {2}requests\/s$/);
  expect(second).toMatch(/^✗ writes /);
  expect(table([{ ...met, least: 91 }], 'mongod')).toMatch(/^✗ reads /m);
});

describe('the command line', () => {
  it('measures all rows five times for five seconds, unless told otherwise', () => {
    expect(parseArguments([])).toEqual({
      help: false,
      json: false,
      growth: false,
      rounds: 5,
      seconds: 5,
      rows: Object.keys(rows),
    });
    expect(parseArguments(['--only', 'nginx,bus', '--rounds', '3', '--json'])).toMatchObject({
      json: true,
      rounds: 3,
      rows: ['nginx', 'bus'],
    });
  });

  it('says what there is to one that makes no sense', () => {
    expect(() => parseArguments(['--only', 'everything'])).toThrow(/there are nginx, gateway/);
    expect(() => parseArguments(['--rounds', '0'])).toThrow(/a whole number above 0/);
    expect(() => parseArguments(['fast'])).toThrow(/npm run bench/);
  });
});
