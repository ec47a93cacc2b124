import { type Profile, RunFlag } from '../../model/profile.js';
import { isStateKnown } from '../run-states.js';
import { eachWeight } from '../sample-weights.js';
import { everything } from '../view-options.js';

/** What others on the machine did to a program while it was recorded. */
export interface Contention {
  /**
   * How busy others kept the machine, 0 to 1: the part of the time in which threads could have run that they had no
   * processor, or the part of all ticks that the sampler came too late for, whichever is more. What waits for the GIL
   * is not of it.
   */
  readonly busy: number;
  /** Of the time in which threads could have run: what they had no processor for at all, over the rest of it. */
  readonly keptPerRest: number;
  /** CPU time of the samples that saw a thread run, over their wall time. */
  readonly cpuPerReady: number;
}

export function contention(profile: Profile): Contention {
  let [ready, kept] = [0, 0];
  let [cpuOfReady, cpuOfAll] = [0, 0];
  eachWeight(profile, everything, profile.runs, ({ flags, time, cpu }) => {
    if (!isStateKnown(flags)) return;
    cpuOfAll += cpu;
    if (!isReady(flags)) return;
    ready += time;
    cpuOfReady += cpu;
    if (hasNoProcessor(cpu)) kept += time;
  });
  // Of all CPU time: of a thread that falls asleep between two samples, some is in one that saw it asleep. At 100
  // samples a second that is more than half of what a program takes in bursts of 8 ms, and looked like time without a
  // processor.
  const without = ready > 0 ? 1 - Math.min(1, cpuOfAll / ready) : 0;
  return {
    busy: Math.max(without, missedPart(profile)),
    keptPerRest: ready > kept ? kept / (ready - kept) : 0,
    cpuPerReady: ready > 0 ? cpuOfReady / ready : 0,
  };
}

/** Whether a sample saw its thread run, or ready to. */
export function isReady(flags: number): boolean {
  return isStateKnown(flags) && (flags & (RunFlag.waiting | RunFlag.waitsForGil)) === 0;
}

/** Of a thread that was ready: none from one sample to the next. One that just woke up has had some. */
export function hasNoProcessor(cpu: number): boolean {
  return cpu === 0;
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
  /** Of each function for itself: memory is laid out anew, sets are in another order, others use the same caches. */
  readonly ofEach: number;
  /** Of waits, and of all time together: how busy others kept the machine. */
  readonly ofAll: number;
  /** Of all that ran together: how fast the machine was. */
  readonly ofSpeed: number;
}

/**
 * What has a processor for a part of the time takes longer by 1 over that part. So all that this differs by counts as
 * error, and a tenth of how busy the others were besides. What all that ran has in common is taken out of functions
 * (counted-time.ts); of what is left, functions differ by 0.4 of it. Measured: docs/diff.md.
 */
export function runToRunError(before: number, after: number): RunToRun {
  const [first, second] = [Math.min(before, mostBusy), Math.min(after, mostBusy)];
  const busiest = Math.max(first, second);
  const slowdown = Math.abs(Math.log((1 - first) / (1 - second)));
  const busy = (contentionError * busiest) / (1 - busiest);
  const ofAll = busy + slowdown;
  return {
    ofEach: Math.hypot(layoutError, busy, slowdownError * slowdown),
    ofAll,
    ofSpeed: Math.hypot(speedError, ofAll),
  };
}

const layoutError = 0.02;
/** By its own clock, the CPU time that a program takes for 15 rounds of the same work a second differs by 5 to 7 %. */
const speedError = 0.05;
const contentionError = 0.1;
const slowdownError = 0.4;
const mostBusy = 0.99;
