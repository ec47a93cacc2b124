export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The middle half. */
export function spread(values: readonly number[]): [number, number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Where the median of what these were drawn from is, with 95 %: whatever its distribution. */
export function medianInterval(values: readonly number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const { length } = sorted;
  // Each lies above it with one half: how many do is binomial.
  const off = 1.96 * Math.sqrt(length / 4);
  const low = Math.max(0, Math.floor(length / 2 - off) - 1);
  const high = Math.min(length - 1, Math.ceil(length / 2 + off));
  return [sorted[low] ?? Number.NaN, sorted[high] ?? Number.NaN];
}
