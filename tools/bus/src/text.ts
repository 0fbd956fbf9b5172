/** Lines with their cells in columns; numbers to the right. */
export function columns(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => String(row[column] ?? '').length)),
  );
  const isNumeric = head.map((_, column) =>
    rows.some((row) => typeof row[column] === 'number' || /^[\d.]+ ms$/.test(String(row[column]))),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric[column] ? String(cell).padStart(width) : String(cell).padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

/** Milliseconds for people: three digits that say something. */
export const ms = (milliseconds: number): string =>
  `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)} ms`;

/** How long ago an instant was: `3 d 4 h`, `12 min`, `8 s`. */
export function since(instant: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

/** Enough of a replica's id to tell it from the others. */
export const short = (id: string | null): string => id?.slice(-6) ?? '';
