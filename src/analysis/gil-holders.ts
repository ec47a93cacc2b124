import { Column } from '../model/column.js';
import { type Profile, RunFlag, type Runs } from '../model/profile.js';
import { atOnce, piecesOf } from './sample-weights.js';

/**
 * Who held the GIL while threads of the same process waited for it: by function (the innermost, as `functionOf` says
 * for a stack), microseconds of others' waiting. `waits` says which runs count as waiting.
 */
export function gilHolders(
  profile: Profile,
  waits: (run: number) => boolean,
  functionOf: (stack: number) => number,
): Map<number, number> {
  return atOnce(holderPieces(profile, waits, functionOf));
}

/** Runs that are looked up in a piece: some 2 ms. */
const pieceLength = 8000;

/** The same in pieces, with a yield after each. */
export function* holderPieces(
  profile: Profile,
  waits: (run: number) => boolean,
  functionOf: (stack: number) => number,
): Generator<void, Map<number, number>, void> {
  const { runs } = profile;
  const [starts, durations] = [runs.start.values, runs.duration.values];
  const stacks = runs.stack.values;
  const { waiting, holding } = yield* rowsByProcess(profile, waits);
  // One more: what is no function is -1.
  const times = new Float64Array(profile.functions.length + 1);
  for (const [process, column] of waiting.entries()) {
    if (column.length === 0) continue;
    const { begins, ends } = spansOf(runs, column);
    yield;
    const waited = yield* waitedUntil(begins, ends);
    yield;
    const held = holding[process]!;
    for (let at = 0; at < held.length; at++) {
      if (at % pieceLength === pieceLength - 1) yield;
      const run = held.at(at);
      const time = waited(starts[run]! + durations[run]!) - waited(starts[run]!);
      if (time <= 0) continue;
      times[functionOf(stacks[run]!) + 1]! += time;
    }
  }
  return new Map([...times].flatMap((time, at) => (time > 0 ? [[at - 1, time]] : [])));
}

/** Runs that wait for the GIL, and other ones that hold it. */
function* rowsByProcess({ runs, threads, processes }: Profile, waits: (run: number) => boolean) {
  const [flags, threadOf] = [runs.flags.values, runs.thread.values];
  const waiting = processes.map(() => Column.int32());
  const holding = processes.map(() => Column.int32());
  const processOf = Int32Array.from(threads, ({ process }) => process);
  for (const { from, to } of piecesOf(runs)) {
    for (let run = from; run < to; run++) {
      const process = processOf[threadOf[run]!] ?? -1;
      if (waits(run)) waiting[process]?.push(run);
      else if ((flags[run]! & RunFlag.holdsGil) !== 0) holding[process]?.push(run);
    }
    yield;
  }
  return { waiting, holding };
}

function spansOf({ start, duration }: Runs, rows: Column<Int32Array>) {
  const [begins, ends] = [new Float64Array(rows.length), new Float64Array(rows.length)];
  for (let at = 0; at < rows.length; at++) {
    const run = rows.at(at);
    begins[at] = start.at(run);
    ends[at] = start.at(run) + duration.at(run);
  }
  return { begins, ends };
}

/**
 * How much waiting there was until a moment, all threads together: what began before, less what ended before. Times are
 * whole microseconds, so their sums are exact.
 */
function* waitedUntil(
  begins: Float64Array,
  ends: Float64Array,
): Generator<void, (moment: number) => number, void> {
  const begun = timeSince(begins);
  yield;
  const ended = timeSince(ends);
  return (moment) => begun(moment) - ended(moment);
}

/** Steps that are tried before the rest is searched by halves. */
const nearby = 16;

/**
 * How long ago each of these was that are not after a moment, added up. They come in any order; moments that are asked
 * for one after another are mostly near each other.
 */
function timeSince(times: Float64Array): (moment: number) => number {
  times.sort();
  const sums = new Float64Array(times.length + 1);
  for (let at = 0; at < times.length; at++) sums[at + 1] = sums[at]! + times[at]!;
  let passed = 0;
  return (moment) => {
    for (let step = 0; step < nearby && times[passed]! <= moment; step++) passed++;
    for (let step = 0; step < nearby && passed > 0 && times[passed - 1]! > moment; step++) passed--;
    let low = passed > 0 && times[passed - 1]! > moment ? 0 : passed;
    let high = times[passed]! <= moment ? times.length : passed;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! <= moment) low = middle + 1;
      else high = middle;
    }
    passed = low;
    return low * moment - sums[low]!;
  };
}
