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
    const waited = waitedUntil(runs.map((run) => [start.at(run), start.at(run) + duration.at(run)]));
    for (const run of holding[process]!) {
      const time = waited(start.at(run) + duration.at(run)) - waited(start.at(run));
      if (time <= 0) continue;
      const fn = functionOf(stack.at(run));
      times.set(fn, (times.get(fn) ?? 0) + time);
    }
  });
  return times;
}

/** How much waiting there was until a moment, all threads together: their number, added up over time. */
function waitedUntil(spans: readonly (readonly [number, number])[]): (moment: number) => number {
  const changes = spans
    .flatMap(([from, to]) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const until = new Float64Array(changes.length);
  const threads = new Int32Array(changes.length);
  let count = 0;
  changes.forEach(({ at, by }, index) => {
    until[index] = index === 0 ? 0 : until[index - 1]! + count * (at - changes[index - 1]!.at);
    count += by;
    threads[index] = count;
  });
  return (moment) => {
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (changes[middle]!.at <= moment) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    return until[low - 1]! + threads[low - 1]! * (moment - changes[low - 1]!.at);
  };
}
