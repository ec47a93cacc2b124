import type { Profile } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';
import { frameLabel } from './labels.js';
import { markOf, marks } from './run-states.js';
import { sameFunctions } from './same-functions.js';
import { shownPart } from './shown-part.js';
import { walkStack } from './stack-walk.js';
import type { ViewOptions } from './view-options.js';

/** Where the time of one function went, in microseconds. */
export interface FunctionTime {
  /** Index into `Profile.functions`; below 0 for a mark such as `<gc>`. */
  readonly function: number;
  /** Named at its first line, whatever lines the view shows. */
  readonly label: string;
  readonly category: Category;
  /** Time with the function anywhere on the stack, however often it occurs there. */
  totalTime: number;
  /** Time with the function innermost. */
  selfTime: number;
  samples: number;
}

export interface FunctionTimes {
  /** Time of all that the view shows: the sum of every function's `selfTime`. */
  readonly totalTime: number;
  readonly samples: number;
  /** The `count` functions with most self time, most first. */
  readonly widest: readonly FunctionTime[];
}

/** Where time itself is spent: functions by self time, equal ones by total time. */
export function widestFunctions(profile: Profile, view: ViewOptions, count: number): FunctionTimes {
  const shown = shownPart(profile, view);
  const stackCount = profile.stacks.frame.length;
  const time = new Float64Array(stackCount);
  const samples = new Float64Array(stackCount);
  /** The part of a stack's time that went into marks below its innermost frame. */
  const marked = new Float64Array(stackCount);
  const perFunction = new Map<number, FunctionTime>();
  for (let run = 0; run < profile.runs.stack.length; run++) {
    const part = shown(run);
    if (part === 0) continue;
    const stack = profile.runs.stack.at(run);
    const runTime = profile.runs.duration.at(run) * part;
    const runSamples = profile.runs.samples.at(run) * part;
    time[stack]! += runTime;
    samples[stack]! += runSamples;
    const mark = markOf(profile.runs.flags.at(run), view.mode);
    if (mark < 0) continue;
    marked[stack]! += runTime;
    const entry = entryFor(profile, view, perFunction, -1 - mark);
    entry.selfTime += runTime;
    entry.totalTime += runTime;
    entry.samples += runSamples;
  }

  const same = sameFunctions(profile);
  const lastSeenIn = new Int32Array(profile.functions.length).fill(-1);
  let totalTime = 0;
  let totalSamples = 0;
  for (let stack = 0; stack < stackCount; stack++) {
    if (samples[stack] === 0 && time[stack] === 0) continue;
    totalTime += time[stack]!;
    totalSamples += samples[stack]!;
    walkStack(profile, stack, (at) => {
      const index = profile.frames.function.at(profile.stacks.frame.at(at));
      const fn = same[index] ?? index;
      const entry = entryFor(profile, view, perFunction, fn);
      if (at === stack) entry.selfTime += time[stack]! - marked[stack]!;
      if (lastSeenIn[fn] !== stack) {
        lastSeenIn[fn] = stack;
        entry.totalTime += time[stack]!;
        entry.samples += samples[stack]!;
      }
      return true;
    });
  }
  const widest = [...perFunction.values()]
    .sort((a, b) => b.selfTime - a.selfTime || b.totalTime - a.totalTime || a.function - b.function)
    .slice(0, count);
  return { totalTime, samples: totalSamples, widest };
}

function entryFor(
  profile: Profile,
  view: ViewOptions,
  entries: Map<number, FunctionTime>,
  fn: number,
): FunctionTime {
  const known = entries.get(fn);
  if (known !== undefined) return known;
  const info = profile.functions[fn];
  const made: FunctionTime = {
    function: fn,
    label:
      info === undefined
        ? (marks[-1 - fn] ?? '<unknown function>')
        : frameLabel(info, 0, { ...view, lines: view.lines === 'none' ? 'none' : 'function' }),
    category: info === undefined ? 'synthetic' : categoryOf(info),
    totalTime: 0,
    selfTime: 0,
    samples: 0,
  };
  entries.set(fn, made);
  return made;
}
