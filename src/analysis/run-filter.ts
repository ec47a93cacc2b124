import { emptyStack, type Profile, RunFlag } from '../model/profile.js';
import { isParked } from './parked.js';
import type { ViewOptions } from './view-options.js';

/** Which runs a view shows. A run without frames has nothing to show in any view. */
export function runFilter(profile: Profile, view: ViewOptions): (run: number) => boolean {
  const { stack, flags } = profile.runs;
  return (run) => {
    const at = stack.at(run);
    if (at === emptyStack) return false;
    if (view.gilOnly && (flags.at(run) & RunFlag.holdsGil) === 0) return false;
    return view.idle || !isParked(profile, at);
  };
}
