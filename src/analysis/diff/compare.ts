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
  /** A difference as large as this would be called a change, among all that is tested. */
  readonly smallestSeen: number;
}

/** Rows of both recordings, to be tested together. */
export interface Pair {
  readonly before: BlockSums;
  readonly after: BlockSums;
  readonly row: number;
}

export interface Limits {
  readonly smallest: number;
  /** The standard error of one run against another, as a part of what is compared. */
  readonly runToRun: number;
}

/**
 * The changes of all pairs, in their order. Only what has `smallest` in the mean of both recordings is tested: what is
 * too small to be seen to change would cost the others their chance. The mean shows nothing of the difference, so that
 * this leaves the tests as strict as they are.
 */
export function compareAll(pairs: readonly Pair[], { smallest, runToRun }: Limits): Change[] {
  const estimates = pairs.map(({ before, after, row }) =>
    welch(before.estimate(row), after.estimate(row), runToRun),
  );
  // Callers that only pass on what one function takes are one test, however many they are.
  const tests = new Map<string, number>();
  const p: number[] = [];
  const testOf = pairs.map(({ before, after, row }, index) => {
    const estimate = estimates[index]!;
    if (estimate.before + estimate.after < 2 * smallest || estimate.before === estimate.after) return -1;
    const key = `${before.fingerprint(row)}/${after.fingerprint(row)}`;
    const known = tests.get(key) ?? p.push(estimate.p) - 1;
    tests.set(key, known);
    return known;
  });
  const corrected = holm(p);
  return estimates.map(({ before, after, error, freedom }, index) => {
    const isTested = testOf[index]! >= 0;
    const chance = isTested ? corrected[testOf[index]!]! : 1;
    const verdict = chance >= level ? 'same' : after > before ? 'grew' : 'shrank';
    return {
      ...{ before, after, p: chance, verdict, isTested },
      error: error * criticalT(level, freedom),
      smallestSeen: error * criticalT(level / Math.max(1, p.length), freedom),
    };
  });
}

/** Welch's test: neither recording need stray as much as the other. */
function welch(before: Estimate, after: Estimate, runToRun: number) {
  const between = (runToRun * (before.value + after.value)) / 2;
  const variance = before.variance + after.variance + between ** 2;
  const freedom =
    variance ** 2 / (before.variance ** 2 / before.freedom + after.variance ** 2 / after.freedom);
  const error = Math.sqrt(variance);
  return {
    before: before.value,
    after: after.value,
    error,
    freedom,
    p: twoSidedP((after.value - before.value) / error, freedom),
  };
}
