/** Student's t distribution: how far the mean of a few values strays, measured in its own estimated error. */

/** The chance that |t| is at least this by chance alone. `freedom` may be a fraction, or Infinity. */
export function twoSidedP(t: number, freedom: number): number {
  if (!(freedom > 0) || Number.isNaN(t)) return 1;
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const degrees = Math.min(freedom, mostFreedom);
  return incompleteBeta(degrees / (degrees + square), degrees / 2);
}

/** The t that is exceeded, to either side, with this chance: 0 < p < 1. */
export function criticalT(p: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, freedom) > p && high < 1e12) high *= 2;
  while (high - low > high * 1e-7) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, freedom) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Beyond it, the distribution is the normal one to more digits than are of use. */
const mostFreedom = 1e6;

/** The regularized incomplete beta function I_x(a, 1/2), by the continued fraction of Lentz. */
function incompleteBeta(x: number, a: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const b = 0.5;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const notZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Stirling's series, for arguments moved up to where it is exact. */
function logGamma(value: number): number {
  let shift = 0;
  let x = value;
  for (; x < 12; x++) shift += Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
