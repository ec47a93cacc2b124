import { type Losses, Profile, type Runs } from '../model/profile.js';
import { partOfProfile } from './part-of-profile.js';

/**
 * The last `length` microseconds of a recording as one of its own, which begins there: its tables are those of the
 * whole one. `losses` are those of that time. What a recording has only totals of (CPU time of threads that ran no
 * Python, children) is left out: how much of it is of that time is not known.
 */
export function lastOfProfile(profile: Profile, length: number, losses: Losses): Profile {
  const from = Math.max(0, profile.duration - length);
  const { info, duration, longSteps } = profile;
  const part = partOfProfile(profile, { range: { from, to: duration } });
  moveBack(part.runs, from);
  moveBack(part.suspended.runs, from);
  const last = Object.assign(new Profile(), part, {
    ...{ losses, otherThreads: [], children: { cpuSeconds: 0, processes: [] } },
    info: { ...info, startedAt: info.startedAt + from / 1000 },
  });
  const steps = new Profile().longSteps;
  for (let row = 0; row < longSteps.start.length; row++) {
    if (longSteps.start.at(row) < from) continue;
    steps.thread.push(longSteps.thread.at(row));
    steps.start.push(longSteps.start.at(row) - from);
    steps.duration.push(longSteps.duration.at(row));
  }
  return Object.assign(last, { longSteps: steps });
}

function moveBack({ start }: Runs, time: number): void {
  for (let row = 0; row < start.length; row++) start.set(row, start.at(row) - time);
}
