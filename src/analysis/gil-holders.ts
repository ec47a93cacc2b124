import { type Profile, RunFlag } from '../model/profile.js';

/**
 * Who held the GIL while threads of the same process waited for it: by function (the innermost, as `functionOf` says
 * for a stack), microseconds of others' waiting. `waits` says which runs count as waiting.
 */
export function gilHolders(
  profile: Profile,
  waits: (run: number) => boolean,
  functionOf: (stack: number) => number,
): Map<number, number> {
  const { thread, stack, flags, start, duration } = profile.runs;
  const waiting: number[][] = profile.processes.map(() => []);
  const holding: number[][] = profile.processes.map(() => []);
  for (let run = 0; run < stack.length; run++) {
    const process = profile.threads[thread.at(run)]?.process ?? -1;
    if (waits(run)) waiting[process]?.push(run);
    else if ((flags.at(run) & RunFlag.holdsGil) !== 0) holding[process]?.push(run);
  }
  const times = new Map<number, number>();
  waiting.forEach((runs, process) => {
    const waited = waitedUntil(
      Float64Array.from(runs, (run) => start.at(run)),
      Float64Array.from(runs, (run) => start.at(run) + duration.at(run)),
    );
    for (const run of holding[process]!) {
      const time = waited(start.at(run) + duration.at(run)) - waited(start.at(run));
      if (time <= 0) continue;
      const fn = functionOf(stack.at(run));
      times.set(fn, (times.get(fn) ?? 0) + time);
    }
  });
  return times;
}

/**
 * How much waiting there was until a moment, all threads together: what began before, less what ended before. Times are
 * whole microseconds, so their sums are exact.
 */
function waitedUntil(begins: Float64Array, ends: Float64Array): (moment: number) => number {
  const [begun, ended] = [timeSince(begins), timeSince(ends)];
  return (moment) => begun(moment) - ended(moment);
}

/** How long ago each of these was that are not after a moment, added up. They come in any order. */
function timeSince(times: Float64Array): (moment: number) => number {
  times.sort();
  const sums = new Float64Array(times.length + 1);
  for (let at = 0; at < times.length; at++) sums[at + 1] = sums[at]! + times[at]!;
  return (moment) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! <= moment) low = middle + 1;
      else high = middle;
    }
    return low * moment - sums[low]!;
  };
}
