/**
 * Draws ranks 0 to `count - 1`; rank k is drawn in proportion to 1 / (k + 1)^exponent. With 1 the first of 2,000 products
 * gets an eighth of all visits, as in shops (Breslau et al., Web Caching and Zipf-like Distributions, 1999: 0.64 to 0.83
 * for pages, about 1 for goods).
 */
export function zipf(count, exponent = 1) {
  const upTo = [];
  let sum = 0;
  for (let rank = 0; rank < count; rank++) upTo.push((sum += 1 / (rank + 1) ** exponent));
  return () => firstAbove(upTo, Math.random() * sum);
}

function firstAbove(ascending, value) {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
