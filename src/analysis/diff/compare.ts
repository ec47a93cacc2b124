import type { BlockSums, Estimate } from './block-sums.js';
import type { RunToRun } from './contention.js';
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
  readonly runToRun: RunToRun;
  /** All that is compared. */
  readonly whole: Pair;
}

/**
 * The changes of all pairs, in their order. Only what has `smallest` in the mean of both recordings is tested: what is
 * too small to be seen to change would cost the others their chance. The mean shows nothing of the difference, so that
 * this leaves the tests as strict as they are.
 */
export function compareAll(pairs: readonly Pair[], { smallest, runToRun, whole }: Limits): Change[] {
  const all = estimatesOf(whole);
  const results = pairs.map((pair) => {
    const both = estimatesOf(pair);
    return { ...test(both, all, runToRun), before: both.before.value, after: both.after.value };
  });
  // Callers that only pass on what one function takes are one test, however many they are.
  const tests = new Map<string, number>();
  const p: number[] = [];
  const testOf = pairs.map(({ before, after, row }, index) => {
    const result = results[index]!;
    if (result.before + result.after < 2 * smallest || result.before === result.after) return -1;
    const key = `${before.fingerprint(row)}/${after.fingerprint(row)}`;
    const known = tests.get(key) ?? p.push(result.p) - 1;
    tests.set(key, known);
    return known;
  });
  const corrected = holm(p);
  return results.map(({ before, after, error, freedom }, index) => {
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

interface Both {
  readonly before: Estimate;
  readonly after: Estimate;
}

function estimatesOf({ before, after, row }: Pair): Both {
  return { before: before.estimate(row), after: after.estimate(row) };
}

/**
 * Whether a row changed otherwise than all else that ran, as far as a faster or slower machine explains that: by
 * Welch's test, since neither recording need stray as much as the other.
 */
function test(both: Both, all: Both, runToRun: RunToRun) {
  const { before, after } = both;
  const [mean, ran] = [(before.value + after.value) / 2, (before.ran + after.ran) / 2];
  const common = commonPart(both, all, runToRun);
  const [first, second] = [
    varianceOf(before, all.before, common.ofOthers),
    varianceOf(after, all.after, common.ofOthers),
  ];
  // What runs for longer, waits for less: of each second, what waits is the rest.
  const waits = runToRun.ofSpeed * Math.min(mean - ran, (all.before.ran + all.after.ran) / 2);
  const variance = first + second + common.variance + waits ** 2 + (runToRun.ofEach * mean) ** 2;
  const freedom = variance ** 2 / (first ** 2 / before.freedom + second ** 2 / after.freedom);
  const error = Math.sqrt(variance);
  const seen = after.value - before.value;
  const own = seen - common.ofOthers * (ofOthers(after, all.after) - ofOthers(before, all.before));
  // What is less than others make of it, and yet more than before, is neither of both.
  return { error, freedom, p: own * seen > 0 ? twoSidedP(own / error, freedom) : 1 };
}

/** What part of the change of all others is taken for one of the row as well, and the variance of what is left. */
interface CommonPart {
  readonly ofOthers: number;
  readonly variance: number;
}

/**
 * A slower machine makes all that runs slower: what others changed by shows how much slower it is, the better the
 * further their own errors are below what a machine does. Where nothing else ran, nothing shows it.
 */
function commonPart({ before, after }: Both, all: Both, { ofEach, ofSpeed }: RunToRun): CommonPart {
  const ran = (before.ran + after.ran) / 2;
  const others = (ofOthers(before, all.before) + ofOthers(after, all.after)) / 2;
  const byMachine = (ofSpeed * others) ** 2;
  // Some four of them have most of it, so that their own errors are half as much of all.
  const own =
    othersVariance(before, all.before) + othersVariance(after, all.after) + (ofEach * others) ** 2 / 4;
  const known = byMachine > 0 ? byMachine / (byMachine + own) : 0;
  return {
    ofOthers: known > 0 ? (known * ran) / others : 0,
    variance: (1 - known) * (ofSpeed * ran) ** 2,
  };
}

/** What ran beside a row. */
function ofOthers(row: Estimate, all: Estimate): number {
  return Math.max(0, all.ran - row.ran);
}

function othersVariance(row: Estimate, all: Estimate): number {
  let variance = 0;
  for (let wave = 0; wave < all.freedom; wave++)
    variance += (all.ranWaves[wave]! - row.ranWaves[wave]!) ** 2 / all.freedom;
  return variance;
}

/** Of a row, less a part of all others: both stray together where the machine grows slower and faster. */
function varianceOf(row: Estimate, all: Estimate, part: number): number {
  let variance = 0;
  for (let wave = 0; wave < row.freedom; wave++) {
    const others = all.ranWaves[wave]! - row.ranWaves[wave]!;
    variance += (row.waves[wave]! - part * others) ** 2 / row.freedom;
  }
  return Math.max(variance, row.least) + row.tick;
}
