import { isMet, type Result } from './row.ts';

/** The results for people. */
export function table(results: readonly Result[], store: string): string {
  const widths = [
    Math.max(...results.map(({ name }) => name.length)) + 4,
    Math.max(...results.map(({ against }) => against.length)) + 2,
  ] as const;
  const line = (name: string, against: string, figures: string[]) =>
    name.padEnd(widths[0]) + against.padEnd(widths[1]) + figures.map((figure) => figure.padStart(12)).join('');
  const head = line('  what', 'against', ['ours', 'reference', 'ratio', 'must', 'aim']);
  const rows = results.map((result) => {
    const { name, against, unit, ours, reference, ratio, must, aim } = result;
    const ratios = [ratio, must, aim].map((value) => `${value.toFixed(2)} ×`);
    return (
      line(`${isMet(result) ? '✓' : '✗'} ${name}`, against, [shown(ours), shown(reference), ...ratios]) + `  ${unit}`
    );
  });
  return [head, ...rows, '', `  Store: ${store}. Medians; the load generator shares the machine.`].join('\n');
}

const shown = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
