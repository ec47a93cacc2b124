import { emptyStack, type Profile } from '../model/profile.js';
import { formatCount, plural } from './human-units.js';
import { isStateKnown } from './run-states.js';
import { atOnce, weightPieces } from './sample-weights.js';
import { everything } from './view-options.js';

/** Threads whose CPU time is not known, of all that ran Python. */
export interface UnknownCpu {
  readonly threads: number;
  readonly of: number;
}

/**
 * What of a thread's time may be unknown for its CPU time to count as known: its last moments are, since its clock ends
 * with it.
 */
const tolerated = { share: 0.05, time: 20_000 };

export function unknownCpu(profile: Profile): UnknownCpu {
  return atOnce(unknownCpuPieces(profile));
}

/** The same in pieces, with a yield after each. */
export function* unknownCpuPieces(profile: Profile): Generator<void, UnknownCpu, void> {
  const { runs, threads } = profile;
  const whole = new Float64Array(threads.length);
  const unknown = new Float64Array(threads.length);
  yield* weightPieces(profile, everything, runs, ({ thread, flags, time }) => {
    // That of a task is no question: it waits.
    if (threads[thread]?.isTask) return;
    whole[thread]! += time;
    if (!isStateKnown(flags)) unknown[thread]! += time;
  });
  let count = 0;
  let of = 0;
  for (let thread = 0; thread < whole.length; thread++) {
    if (whole[thread] === 0) continue;
    of++;
    if (unknown[thread]! > Math.max(tolerated.time, whole[thread]! * tolerated.share)) count++;
  }
  return { threads: count, of };
}

/** Whether the recording says of any thread what it did. */
export function areStatesKnown({ runs }: Profile): boolean {
  const [stacks, flags] = [runs.stack.values, runs.flags.values];
  for (let run = 0; run < runs.stack.length; run++)
    if (stacks[run] !== emptyStack && isStateKnown(flags[run]!)) return true;
  return false;
}

/** `CPU time is not known for 3 of 12 threads`; empty when it is known for all. */
export function unknownCpuText({ threads, of }: UnknownCpu): string {
  return threads === 0 ? '' : `CPU time is not known for ${formatCount(threads)} of ${plural(of, 'thread')}`;
}
