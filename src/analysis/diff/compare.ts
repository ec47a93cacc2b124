import type { BlockSums, Estimate } from './block-sums.js';
import { mean, type RunToRun } from './contention.js';
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

/** A row of both sides, each of one recording or more, to be tested together. */
export interface Pair {
  readonly before: readonly BlockSums[];
  readonly after: readonly BlockSums[];
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
    return {
      ...test(both, all, runToRun),
      before: meanOf(both.before, value),
      after: meanOf(both.after, value),
    };
  });
  // Callers that only pass on what one function takes are one test, however many they are.
  const tests = new Map<string, number>();
  const p: number[] = [];
  const testOf = pairs.map(({ before, after, row }, index) => {
    const result = results[index]!;
    if (result.before + result.after < 2 * smallest || result.before === result.after) return -1;
    const key = [...before, ...after].map((sums) => sums.fingerprint(row)).join('/');
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
  readonly before: readonly Estimate[];
  readonly after: readonly Estimate[];
}

function estimatesOf({ before, after, row }: Pair): Both {
  return { before: before.map((sums) => sums.estimate(row)), after: after.map((sums) => sums.estimate(row)) };
}

function meanOf<T>(of: readonly T[], value: (of: T, index: number) => number): number {
  return mean(of.map(value));
}

const value = (of: Estimate) => of.value;
const ran = (of: Estimate) => of.ran;

/**
 * Whether a row changed otherwise than all else that ran, as far as a faster or slower machine explains that: by
 * Welch's test, since neither side need stray as much as the other.
 */
function test(both: Both, all: Both, runToRun: RunToRun) {
  const { before, after } = both;
  const whole = (meanOf(before, value) + meanOf(after, value)) / 2;
  const ranMean = (meanOf(before, ran) + meanOf(after, ran)) / 2;
  const common = commonPart(both, all, runToRun);
  const [first, second] = [
    sideOf(before, all.before, common.ofOthers),
    sideOf(after, all.after, common.ofOthers),
  ];
  // What runs for longer, waits for less: of each second, what waits is the rest.
  const waits =
    runToRun.ofSpeed * Math.min(whole - ranMean, (meanOf(all.before, ran) + meanOf(all.after, ran)) / 2);
  const expected =
    first.variance + second.variance + common.variance + waits ** 2 + (runToRun.ofEach * whole) ** 2;
  const welch = expected ** 2 / (first.variance ** 2 / first.freedom + second.variance ** 2 / second.freedom);
  const { variance, freedom } = withSpread(expected, welch, first, second);
  const error = Math.sqrt(variance);
  const seen = meanOf(after, value) - meanOf(before, value);
  const own = second.value - first.value;
  // What is less than others make of it, and yet more than before, is neither of both.
  return { error, freedom, p: own * seen > 0 ? twoSidedP(own / error, freedom) : 1 };
}

/** How many recordings what is expected of their spread counts as much as. */
const expectedFreedom = 30;

/**
 * Where a side has several recordings, how far they stray from each other shows what none of them does. They are few,
 * so it counts beside what was expected, and only where it is more.
 */
function withSpread(expected: number, welch: number, first: SideEstimate, second: SideEstimate) {
  const freedom = first.spreadFreedom + second.spreadFreedom;
  if (freedom === 0) return { variance: expected, freedom: welch };
  const all = expectedFreedom + freedom;
  const spread = (expectedFreedom * expected + freedom * (first.spread + second.spread)) / all;
  return { variance: Math.max(expected, spread), freedom: Math.min(welch, all) };
}

/** A row of one side, less a part of all others: both stray together where the machine grows slower and faster. */
interface SideEstimate {
  readonly value: number;
  readonly variance: number;
  readonly freedom: number;
  /** The variance of the value, by how far recordings differ. */
  readonly spread: number;
  readonly spreadFreedom: number;
}

function sideOf(rows: readonly Estimate[], alls: readonly Estimate[], part: number): SideEstimate {
  const values = rows.map((row, index) => row.value - part * ofOthers(row, alls[index]!));
  const middle = mean(values);
  const spreadFreedom = rows.length - 1;
  const squares = values.reduce((sum, of) => sum + (of - middle) ** 2, 0);
  return {
    value: middle,
    variance: meanOf(rows, (row, index) => varianceOf(row, alls[index]!, part)) / rows.length,
    freedom: rows.reduce((sum, row) => sum + row.freedom, 0),
    spread: spreadFreedom > 0 ? squares / spreadFreedom / rows.length : 0,
    spreadFreedom,
  };
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
  const othersOf = (rows: readonly Estimate[], alls: readonly Estimate[]) =>
    meanOf(rows, (row, index) => ofOthers(row, alls[index]!));
  const varianceOfOthers = (rows: readonly Estimate[], alls: readonly Estimate[]) =>
    meanOf(rows, (row, index) => othersVariance(row, alls[index]!)) / rows.length;
  const ranMean = (meanOf(before, ran) + meanOf(after, ran)) / 2;
  const others = (othersOf(before, all.before) + othersOf(after, all.after)) / 2;
  const byMachine = (ofSpeed * others) ** 2;
  // Some four of them have most of it, so that their own errors are half as much of all.
  const own =
    varianceOfOthers(before, all.before) + varianceOfOthers(after, all.after) + (ofEach * others) ** 2 / 4;
  const known = byMachine > 0 ? byMachine / (byMachine + own) : 0;
  return {
    ofOthers: known > 0 ? (known * ranMean) / others : 0,
    variance: (1 - known) * (ofSpeed * ranMean) ** 2,
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

/** Of a row, less a part of all others. */
function varianceOf(row: Estimate, all: Estimate, part: number): number {
  let variance = 0;
  for (let wave = 0; wave < row.freedom; wave++) {
    const others = all.ranWaves[wave]! - row.ranWaves[wave]!;
    variance += (row.waves[wave]! - part * others) ** 2 / row.freedom;
  }
  return Math.max(variance, row.least) + row.tick;
}
