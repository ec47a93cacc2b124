import { Column } from '../model/column.js';
import { makeRuns, type Runs } from '../model/profile.js';
import { atOnce, piecesOf } from './sample-weights.js';
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
  const [durations, samples] = [Column.float64(), Column.float64()];
  const [stackOf, flagsOf] = [runs.stack.values, runs.flags.values];
  const [durationOf, samplesOf] = [runs.duration.values, runs.samples.values];
  for (const { from, to } of piecesOf(runs)) {
    for (let run = from; run < to; run++) {
      const row = pairs.intern(stackOf[run]!, flagsOf[run]!);
      if (row === durations.length) {
        durations.push(0);
        samples.push(0);
      }
      durations.values[row]! += durationOf[run]!;
      samples.values[row]! += samplesOf[run]!;
    }
    yield;
  }
  const folded = makeRuns();
  for (let row = 0; row < pairs.size; row++) {
    folded.thread.push(0);
    folded.stack.push(pairs.firstOf(row));
    folded.flags.push(pairs.secondOf(row));
    folded.context.push(0);
    folded.start.push(0);
    folded.duration.push(durations.at(row));
    folded.samples.push(Math.min(samples.at(row), mostSamples));
  }
  return folded;
}
