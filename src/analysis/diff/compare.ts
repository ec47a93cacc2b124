import type { BlockSums, Estimate } from './block-sums.js';
import { holm } from './holm.js';
import { criticalT, twoSidedP } from './student-t.js';

/** The chance that a comparison of two recordings of one program calls anything a change. */
export const level = 0.05;

/** Microseconds per second of recording, or per request. */
export interface Change {
  readonly before: number;
  readonly after: number;
  /** The true difference is within this much of the one that was seen, in 95 of 100 pairs of recordings. */
  readonly error: number;
  /** As small as it would have to be by chance alone, of all that was compared; 1 where it was not compared. */
  readonly p: number;
  /** `same`: within sampling error, or too little to be compared. */
  readonly verdict: 'grew' | 'shrank' | 'same';
  /** Whether it was tested: what is too small, and what is equal, is not. */
  readonly isTested: boolean;
  /** A difference as large as this is called a change in three of four pairs of recordings, of all that is tested. */
  readonly smallestSeen: number;
  /** The same of recordings without an end, whose own errors are none. */
  readonly smallestEver: number;
}

/** Rows of both recordings, to be tested together. */
export interface Pair {
  readonly before: BlockSums;
  readonly after: BlockSums;
  readonly row: number;
}

export interface Limits {
  readonly smallest: number;
  /** The standard error of one run against another, as a part of each row for itself. */
  readonly ofEach: number;
}

/**
 * Standard errors above what is called a change, from which one is in three of four pairs: 0.67 where errors stay the
 * same, but what takes longer is known to less. Simulated, it is in 60 to 88 of 100, 73 on average.
 */
const threeOfFour = 0.84;

/**
 * The changes of all pairs, in their order. Only what has `smallest` in the mean of both recordings is tested: what is
 * too small to be seen to change would cost the others their chance. The mean shows nothing of the difference, so that
 * this leaves the tests as strict as they are.
 */
export function compareAll(pairs: readonly Pair[], { smallest, ofEach }: Limits): Change[] {
  const estimates = pairs.map(({ before, after, row }) =>
    welch(before.estimate(row), after.estimate(row), ofEach),
  );
  // Callers that only pass on what one function takes are one test, however many they are.
  const tests = new Map<string, number>();
  const p: number[] = [];
  const testOf = pairs.map(({ before, after, row }, index) => {
    const estimate = estimates[index]!;
    if (estimate.before + estimate.after < 2 * smallest || estimate.before === estimate.after) return -1;
    const key = `${before.fingerprint(row)}/${after.fingerprint(row)}`;
    const { before: one, after: other, error, freedom } = estimate;
    const known = tests.get(key) ?? p.push(twoSidedP((other - one) / error, freedom)) - 1;
    tests.set(key, known);
    return known;
  });
  const corrected = holm(p);
  const [ofOne, ofAll] = [criticalTs(level), criticalTs(level / Math.max(1, p.length))];
  return estimates.map(({ before, after, error, between, freedom }, index) => {
    const isTested = testOf[index]! >= 0;
    const chance = isTested ? corrected[testOf[index]!]! : 1;
    const verdict = chance >= level ? 'same' : after > before ? 'grew' : 'shrank';
    const seen = ofAll(freedom) + threeOfFour;
    return {
      ...{ before, after, p: chance, verdict, isTested },
      error: error * ofOne(freedom),
      ...{ smallestSeen: error * seen, smallestEver: between * seen },
    };
  });
}

/** Welch's test: neither recording need stray as much as the other. */
function welch(before: Estimate, after: Estimate, ofEach: number) {
  const between = Math.hypot(
    (ofEach * (before.value + after.value)) / 2,
    (before.machine + after.machine) / 2,
    before.doubt,
    after.doubt,
  );
  const variance = before.variance + after.variance + between ** 2;
  const freedom =
    variance ** 2 / (before.variance ** 2 / before.freedom + after.variance ** 2 / after.freedom);
  const error = Math.sqrt(variance);
  return {
    before: before.value,
    after: after.value,
    ...{ error, between, freedom },
  };
}

/** Parts of a degree of freedom that are told apart: of 5 degrees a 16th is 0.3 % of what it returns. */
const partsOfDegree = 8;

/** Of 100,000 rows most have one of a few hundred freedoms, and each value is found by trying. */
function criticalTs(level: number): (freedom: number) => number {
  const known = new Map<number, number>();
  return (freedom) => {
    const parts = Math.max(1, Math.round(freedom * partsOfDegree));
    const value = known.get(parts) ?? criticalT(level, parts / partsOfDegree);
    known.set(parts, value);
    return value;
  };
}
