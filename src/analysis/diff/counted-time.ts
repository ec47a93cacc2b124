import type { Profile } from '../../model/profile.js';
import type { Mode } from '../view-options.js';
import { relativeVariance } from './block-sums.js';
import { type Contention, hasNoProcessor, isReady } from './contention.js';
import type { MeasuredWhole } from './measure.js';
import type { Count } from './units.js';

/** `factor`: what time that threads ran is multiplied by. */
export function countOf({ runs }: Profile, mode: Mode, contention: Contention, factor = 1): Count {
  const { keptPerRest, cpuPerReady } = contention;
  const perMicrosecond = mode === 'cpu' ? cpuPerReady : 1;
  const counted = { time: 0.5, hasRun: false, doubt: 0.5 };
  return ({ thread, run, flags, time, cpu }) => {
    const ready = thread >= 0 && isReady(flags);
    counted.hasRun = mode === 'cpu' || (mode !== 'gil-wait' && ready);
    const scale = counted.hasRun ? factor : 1;
    counted.time = time * scale;
    counted.doubt = 0;
    if (ready && counted.hasRun) {
      const wall = runs.duration.at(run) * perMicrosecond * scale;
      counted.doubt = hasNoProcessor(cpu) ? wall : -wall * keptPerRest;
    }
    return counted;
  };
}

/** What all that ran has in common, from the first recording to the second. */
export interface CommonChange {
  /** By this the time that threads ran in the second recording is multiplied. */
  readonly factor: number;
  /** How much of what all of it strays together is taken out, 0 to 1. */
  readonly part: number;
}

/** Standard errors beyond which a change of all is no longer the machine's. */
const mostErrors = 2;

/**
 * A slower machine makes all that runs slower, and less of it in a second where a program never waits. So much of the
 * change of all of it as that explains is taken out of each function: as much as is likely, by how far a change of all
 * is known and how large one of the machine is (`ofSpeed`, a standard error). One function that takes longer makes all
 * together take longer, too, so no more is taken out than what the function in the middle has of it.
 */
export function commonChange(before: MeasuredWhole, after: MeasuredWhole, ofSpeed: number): CommonChange {
  const whole = Math.log(after.running.value(0) / before.running.value(0));
  if (!Number.isFinite(whole)) return { factor: 1, part: 0 };
  const variance = relativeVariance(before.running.estimate(0)) + relativeVariance(after.running.estimate(0));
  const likely = ofSpeed ** 2 / (ofSpeed ** 2 + variance);
  const growth = smaller(whole, medianGrowth(before.runningIn, after.runningIn));
  const part = Math.min(likely, (mostErrors * ofSpeed) / Math.abs(growth));
  return { factor: Math.exp(-part * growth), part };
}

/** The one that is nearer to nothing; nothing, where they are of different signs. */
function smaller(one: number, other: number): number {
  if (one * other <= 0) return 0;
  return Math.abs(one) < Math.abs(other) ? one : other;
}

/** The logarithm of a growth: half of the time that ran is in functions that grew by no more. */
function medianGrowth(before: Float64Array, after: Float64Array): number {
  const functions = Array.from(before, (time, row) => ({
    growth: Math.log(after[row]! / time),
    time: (time + after[row]!) / 2,
  })).filter(({ time }) => time > 0);
  functions.sort((a, b) => a.growth - b.growth);
  let left = functions.reduce((sum, { time }) => sum + time, 0) / 2;
  for (const { growth, time } of functions) {
    left -= time;
    if (left <= 0) return growth;
  }
  return 0;
}
