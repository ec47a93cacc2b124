import type { Profile } from '../model/profile.js';
import { categoryOf } from './category.js';
import type { ViewOptions } from './view-options.js';

/** Whether a view passes over the innermost frame of a stack, as if its caller had done the work itself. */
export function hiddenFrames(profile: Profile, view: ViewOptions): (stack: number) => boolean {
  if (!view.applicationOnly) return () => false;
  const { frames, functions, stacks } = profile;
  const hidden = new Map<number, boolean>();
  return (stack) => {
    const fn = frames.function.at(stacks.frame.at(stack));
    let known = hidden.get(fn);
    if (known === undefined) {
      const info = functions[fn];
      known = info !== undefined && categoryOf(info) !== 'application';
      hidden.set(fn, known);
    }
    return known;
  };
}
