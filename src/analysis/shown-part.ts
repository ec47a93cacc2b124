import { cpuShareOf, emptyStack, type Profile, RunFlag, type Runs } from '../model/profile.js';
import { isIdle } from './idle.js';
import type { ViewOptions } from './view-options.js';

/**
 * How much of a run (a row of `runs`) a view shows: the part of its time and of its samples, 0 to 1. Nothing of a run without frames, in any view.
 * Only in wall mode is an idle thread left out: what it spends of a CPU or of the GIL, it does not spend waiting for work.
 */
export function shownPart(
  profile: Profile,
  view: ViewOptions,
  runs: Runs = profile.runs,
): (run: number) => number {
  const { stack, flags } = runs;
  const partOfMode = partByMode[view.mode];
  const hidesIdle = view.mode === 'wall' && !view.idle;
  return (run) => {
    const at = stack.at(run);
    if (at === emptyStack || (hidesIdle && isIdle(profile, at, view.idlePatterns))) return 0;
    return partOfMode(flags.at(run));
  };
}

const partByMode: Readonly<Record<ViewOptions['mode'], (flags: number) => number>> = {
  wall: () => 1,
  cpu: cpuShareOf,
  gil: (flags) => ((flags & RunFlag.holdsGil) === 0 ? 0 : 1),
  'gil-wait': (flags) => ((flags & RunFlag.waitsForGil) === 0 ? 0 : 1),
};
