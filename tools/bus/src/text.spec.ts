import { describe, expect, it } from 'vitest';
import { columns, ms, since } from './text.ts';

describe('text for a terminal', () => {
  it('has its cells in columns, numbers to the right', () => {
    const rows = [
      ['order', 7, '12.0 ms'],
      ['product', 1_200, '3.10 ms'],
    ];
    expect(columns(['service', 'calls', 'p50'], rows)).toBe(
      ['service  calls      p50', 'order        7  12.0 ms', 'product   1200  3.10 ms'].join('\n'),
    );
  });

  it('tells times with three digits', () => {
    expect([0.1234, 12.34, 1_234.5].map(ms)).toEqual(['0.12 ms', '12.3 ms', '1235 ms']);
  });

  it('tells how long ago something was', () => {
    const now = Date.parse('2026-01-03T10:00:00Z');
    const ago = (instant: string) => since(instant, now);
    expect(
      ['2026-01-03T09:59:52Z', '2026-01-03T09:48:00Z', '2026-01-03T07:30:00Z', '2026-01-01T08:00:00Z'].map(ago),
    ).toEqual(['8 s', '12 min', '2 h 30 min', '2 d 2 h']);
  });
});
