/** Student's t distribution: how far the mean of a few values strays, measured in its own estimated error. */

/** Beyond it, the distribution is the normal one to more digits than are of use. */
const mostFreedom = 1e6;
/** What no chance that is asked for leads beyond. */
const mostT = 1e12;

/** The chance that |t| is at least this by chance alone. `freedom` may be a fraction, or Infinity. */
export function twoSidedP(t: number, freedom: number): number {
  if (!(freedom > 0) || Number.isNaN(t)) return 1;
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const degrees = Math.min(freedom, mostFreedom);
  const x = degrees / (degrees + square);
  return incompleteBeta(x, degrees / 2, betaFront(x, degrees / 2, logBeta(degrees / 2)));
}

/**
 * The t that is exceeded, to either side, with this chance: 0 < p < 1. Newton's method on the logarithms of both, where
 * the tails of all these distributions are nearly straight: some six chances are computed, where halving took thirty.
 */
export function criticalT(p: number, freedom: number): number {
  if (!(freedom > 0)) return mostT;
  const degrees = Math.min(freedom, mostFreedom);
  const a = degrees / 2;
  const scale = logBeta(a);
  let t = 1;
  let step = 1;
  for (let count = 0; Math.abs(step) > 1e-9 && t < mostT && count < mostSteps; count++) {
    const x = degrees / (degrees + t * t);
    // t times the density at t, which is how fast the chance falls with the logarithm of t.
    const front = betaFront(x, a, scale);
    const chance = incompleteBeta(x, a, front);
    const newton = chance > 0 ? (Math.log(chance / p) * chance) / (2 * front) : -longestStep;
    step = Math.max(-longestStep, Math.min(longestStep, newton));
    t *= Math.exp(step);
  }
  return t;
}

/** Of the logarithm of t: where the curve is flat, its slope leads to where the chance is 0. */
const longestStep = Math.LN2;
/** To the largest t it takes forty. */
const mostSteps = 200;

/** Of a and 1/2. */
function logBeta(a: number): number {
  return logGamma(a) + logGamma(0.5) - logGamma(a + 0.5);
}

/** What the regularized incomplete beta function I_x(a, 1/2) begins with. */
function betaFront(x: number, a: number, scale: number): number {
  return Math.exp(a * Math.log(x) + 0.5 * Math.log1p(-x) - scale);
}

/** The regularized incomplete beta function I_x(a, 1/2), by the continued fraction of Lentz. */
function incompleteBeta(x: number, a: number, front: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const b = 0.5;
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
