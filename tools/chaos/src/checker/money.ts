/** Prices in the API have at most two digits after the point. */
export const toMinorUnits = (decimal: number): number => Math.round(decimal * 100);
