import { Column } from '../model/column.js';
import { RunFlag, type Runs } from '../model/profile.js';
import { atOnce, piecesOf, rowsOfPiece } from './sample-weights.js';
import { StackPairs } from './stack-pairs.js';
import type { ViewOptions } from './view-options.js';

/** Samples of a row are whole numbers of 32 bits. */
const mostSamples = 0x7fff_ffff;

/**
 * Whether a view counts the same of folded runs: it is about no threads, no processes and nothing that they worked for.
 */
export function countsFolded({ threads, processes, label, request }: ViewOptions): boolean {
  return !threads && !processes && label === undefined && request === undefined;
}

/** Where it is not shown which run was before another one, that it is another wait than that says nothing. */
export function foldedFlags(flags: number): number {
  return flags & ~RunFlag.woke;
}

/**
 * Runs added up by stack and flags, for views of which `countsFolded` is true: a recording has far fewer of these rows,
 * so that several views of it cost one look at all of its runs. `stacks`: how many the profile has.
 */
export function foldRuns(runs: Runs, stacks: number): Runs {
  return atOnce(foldPieces(runs, stacks));
}

/** The same in pieces, with a yield after each. */
export function* foldPieces(runs: Runs, stacks: number): Generator<void, Runs, void> {
  const pairs = new StackPairs(stacks);
  // By row: its duration and its samples.
  let sums = new Float64Array(1024);
  const [stackOf, flagsOf] = [runs.stack.values, runs.flags.values];
  const [durationOf, samplesOf] = [runs.duration.values, runs.samples.values];
  for (const { from, to } of piecesOf(runs)) {
    for (let run = from; run < to; run++) {
      const at = 2 * pairs.intern(stackOf[run]!, foldedFlags(flagsOf[run]!));
      if (at === sums.length) sums = larger(sums);
      sums[at]! += durationOf[run]!;
      sums[at + 1]! += samplesOf[run]!;
    }
    yield;
  }
  const count = pairs.size;
  const [stack, flags, sampleCounts] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  const duration = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    stack[row] = pairs.firstOf(row);
    flags[row] = pairs.secondOf(row);
    duration[row] = sums[2 * row]!;
    sampleCounts[row] = Math.min(sums[2 * row + 1]!, mostSamples);
    if (row % rowsOfPiece === rowsOfPiece - 1) yield;
  }
  return {
    ...{ stack: Column.of(stack), flags: Column.of(flags), samples: Column.of(sampleCounts) },
    ...{ thread: Column.of(new Int32Array(count)), context: Column.of(new Int32Array(count)) },
    ...{ start: Column.of(new Float64Array(count)), duration: Column.of(duration) },
  };
}

function larger(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(values.length * 2);
  copy.set(values);
  return copy;
}
