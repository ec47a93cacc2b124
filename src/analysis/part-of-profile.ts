import { makeRuns, Profile, type Runs } from '../model/profile.js';
import { addRunPart } from './run-part.js';
import { atOnce, piecesOf } from './sample-weights.js';
import { rowsOfThreads } from './task-rows.js';

/** Which samples of a recording: those of some threads, of some time. What is absent makes no difference. */
export interface Part {
  /** Index into `Profile.processes`, and into `Profile.threads`: of a task, all that are called like it. */
  readonly process?: number | undefined;
  readonly thread?: number | undefined;
  /** Microseconds since the recording began, the end not included. */
  readonly range?: TimeRange | undefined;
}

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The recording as if nothing else had been sampled: its tables are those of the whole one. Runs that go on beyond the
 * range are cut, and have those of their samples that were taken within it.
 */
export function partOfProfile(profile: Profile, part: Part): Profile {
  return atOnce(partPieces(profile, part));
}

/** The same in pieces, with a yield after each. */
export function* partPieces(profile: Profile, part: Part): Generator<void, Profile, void> {
  const { process, thread, range } = part;
  if (process === undefined && thread === undefined && range === undefined) return profile;
  const rows = rowsOfThreads(profile);
  const isOfThread = (index: number): boolean =>
    (thread === undefined || rows[index] === rows[thread]) &&
    (process === undefined || profile.threads[index]?.process === process);
  // A suspended task is on no thread.
  const isOfSlot = (slot: number): boolean =>
    thread === undefined && (process === undefined || profile.suspended.processes[slot] === process);
  const length = range ? Math.max(0, range.to - range.from) : profile.duration;
  return Object.assign(new Profile(), profile, {
    duration: length,
    runs: yield* someRuns(profile.runs, isOfThread, range),
    suspended: { ...profile.suspended, runs: yield* someRuns(profile.suspended.runs, isOfSlot, range) },
  });
}

function* someRuns(
  runs: Runs,
  isWanted: (thread: number) => boolean,
  range: TimeRange | undefined,
): Generator<void, Runs, void> {
  const some = makeRuns();
  const [threads, starts, durations] = [runs.thread.values, runs.start.values, runs.duration.values];
  for (const rows of piecesOf(runs)) {
    for (let run = rows.from; run < rows.to; run++) {
      const thread = threads[run]!;
      if (!isWanted(thread)) continue;
      const start = starts[run]!;
      const whole = durations[run]!;
      const from = range ? Math.max(start, range.from) : start;
      const to = range ? Math.min(start + whole, range.to) : start + whole;
      if (to < from || (to === from && whole > 0)) continue;
      addRunPart(some, runs, run, from, to);
    }
    yield;
  }
  return some;
}
