import { type Profile, RunFlag } from '../../model/profile.js';
import { isStateKnown } from '../run-states.js';
import { eachWeight } from '../sample-weights.js';
import { everything } from '../view-options.js';

/**
 * How busy others kept the machine, 0 to 1: the part of the time in which threads could have run that they had no
 * processor, or the part of all ticks that the sampler came too late for, whichever is more. What waits for the GIL is
 * not of it.
 */
export function contention(profile: Profile): number {
  let ready = 0;
  let running = 0;
  eachWeight(profile, everything, profile.runs, ({ flags, time, cpu }) => {
    if (!isReady(flags)) return;
    running += time;
    ready += time - cpu;
  });
  return Math.max(part(ready, running), missedPart(profile));
}

/** Whether a sample saw its thread run, or ready to. */
export function isReady(flags: number): boolean {
  return isStateKnown(flags) && (flags & (RunFlag.waiting | RunFlag.waitsForGil)) === 0;
}

/** The part of all ticks of its clock that a recording does not have: all, where it has no sample. */
function missedPart({ losses, info, duration, runs, threads }: Profile): number {
  let [time, samples] = [0, 0];
  for (let run = 0; run < runs.stack.length; run++) {
    // Tasks are looked at at a rate of their own.
    if (threads[runs.thread.at(run)]?.isTask) continue;
    time += runs.duration.at(run);
    samples += runs.samples.at(run);
  }
  if (samples === 0) return 1;
  // A sampler that got no processor at all did not count what it missed.
  return Math.max(
    part(losses.missed, (info.rate * duration) / 1e6),
    1 - part(samples * 1e6, info.rate * time),
  );
}

/** Microseconds that a sample stands for on average. */
export function sampleTime(profile: Profile): number {
  return 1e6 / profile.info.rate / (1 - Math.min(missedPart(profile), mostBusy));
}

function part(of: number, whole: number): number {
  return whole > 0 ? Math.max(0, Math.min(1, of / whole)) : 0;
}

/** Standard errors of one run against another, beyond what either of them shows, as parts of what is compared. */
export interface RunToRun {
  /** Of each function for itself. */
  readonly ofEach: number;
  /** Of all that runs together: how fast the machine is. */
  readonly ofSpeed: number;
}

/**
 * How far two runs of one program stray from each other. Memory is laid out anew, sets are in another order: by their
 * own clocks, the parts that functions have of a program's time differ by 2 to 6 %. Processors are not always as fast:
 * what a program takes for the same work differs by 4 %, or 14 % where it sleeps in between.
 *
 * What has a processor for a part of the time takes longer by 1 over that part, all of it together; of that, functions
 * differ by a half, and by 0.15 of how busy others were over what they left. Of several runs of each program, what each
 * has for itself is less in their mean. Measured: docs/diff.md.
 */
export function runToRunError(before: readonly number[], after: readonly number[]): RunToRun {
  const [first, second] = [Math.min(mean(before), mostBusy), Math.min(mean(after), mostBusy)];
  const busiest = Math.max(first, second);
  const slowdown = Math.abs(Math.log((1 - first) / (1 - second)));
  const busy = (contentionError * busiest) / (1 - busiest);
  const several = Math.sqrt((1 / before.length + 1 / after.length) / 2);
  return {
    ofEach: Math.hypot(several * layoutError, several * busy, slowdownError * slowdown),
    ofSpeed: Math.hypot(several * speedError, busy, slowdown),
  };
}

export function mean(of: readonly number[]): number {
  return of.reduce((sum, one) => sum + one, 0) / of.length;
}

const layoutError = 0.04;
const speedError = 0.07;
const contentionError = 0.15;
const slowdownError = 0.5;
const mostBusy = 0.99;
