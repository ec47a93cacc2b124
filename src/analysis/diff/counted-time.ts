import type { Profile } from '../../model/profile.js';
import type { Mode } from '../view-options.js';
import { type BlockSums, relativeVariance } from './block-sums.js';
import { type Contention, hasNoProcessor, isReady } from './contention.js';
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
 * is known (`before`, `after`: all that ran) and how large one of the machine is (`ofSpeed`, a standard error).
 */
export function commonChange(before: BlockSums, after: BlockSums, ofSpeed: number): CommonChange {
  const growth = Math.log(after.value(0) / before.value(0));
  if (!Number.isFinite(growth)) return { factor: 1, part: 0 };
  const measured = relativeVariance(before.estimate(0)) + relativeVariance(after.estimate(0));
  const likely = ofSpeed ** 2 / (ofSpeed ** 2 + measured);
  const part = Math.min(likely, (mostErrors * ofSpeed) / Math.abs(growth));
  return { factor: Math.exp(-part * growth), part };
}
