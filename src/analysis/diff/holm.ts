/**
 * Holm's correction of many tests made at once: `p` as large as it must be for "below 0.05" to be wrong for any of them
 * in at most 5 of 100 comparisons. Holm's and not Benjamini and Hochberg's, which lets 5 of 100 reported changes be
 * wrong: a build that fails on a change must not fail by chance, however many functions there are. It holds however
 * the tests depend on each other, as functions that share their callers do.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, index) => index).sort((a, b) => p[a]! - p[b]!);
  const corrected = new Array<number>(p.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p[index]! * (p.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
