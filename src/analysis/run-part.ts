import type { Runs } from '../model/profile.js';

/**
 * Adds of one row of `runs` what lies between two moments, microseconds, to `into`. One sample was taken at the end of
 * each of so many equal stretches; a row of no time has all of its samples.
 */
export function addRunPart(into: Runs, runs: Runs, run: number, from: number, to: number): void {
  const start = runs.start.at(run);
  const whole = runs.duration.at(run);
  const all = runs.samples.at(run);
  const until = (moment: number) => Math.floor(((moment - start) / whole) * all + 1e-9);
  into.thread.push(runs.thread.at(run));
  into.stack.push(runs.stack.at(run));
  into.flags.push(runs.flags.at(run));
  into.context.push(runs.context.at(run));
  into.start.push(from);
  into.duration.push(to - from);
  into.samples.push(whole > 0 ? until(to) - until(from) : all);
}
