import { type Profile, RunFlag, type Runs } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';
import { hiddenFrames } from './hidden-frames.js';
import { frameLabel } from './labels.js';
import { shownPart } from './shown-part.js';
import { walkStack } from './stack-walk.js';
import type { ViewOptions } from './view-options.js';

/** Where the time of one function, or of one line of it, went, in microseconds. */
export interface FunctionTime {
  readonly function: number;
  /** Of the line that the entry stands for; 0 when it is for the whole function. */
  readonly line: number;
  /** A whole function is named at its first line, whatever lines the view shows. */
  readonly label: string;
  readonly category: Category;
  /** Time with the function anywhere on the stack, however often it occurs there. */
  totalTime: number;
  /** Time with the function innermost. */
  selfTime: number;
  /** The part of `selfTime` that was spent blocked in the kernel; 0 where that is not known. */
  waitingTime: number;
  samples: number;
}

export interface FunctionTimes {
  /** Time of all that the view shows: the sum of every function's `selfTime`, and what a view of own code alone has no frame for. */
  readonly totalTime: number;
  readonly samples: number;
  /** The `count` functions with most self time, most first. */
  readonly widest: readonly FunctionTime[];
}

/**
 * Where time itself is spent: functions by self time, equal ones by total time. `runs` are those of the profile, or folded ones
 * (folded-runs.ts).
 */
export function widestFunctions(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): FunctionTimes {
  const { frames } = profile;
  return widest(profile, view, count, {
    runs,
    places: profile.functions.length,
    placeOf: (frame) => frames.function.at(frame),
    entryFor: (frame) => {
      const lines = view.lines === 'none' ? 'none' : 'function';
      return emptyEntry(profile, frame, 0, { ...view, lines });
    },
  });
}

/** The same for lines: an entry for each line of a function that was seen. */
export function widestLines(
  profile: Profile,
  view: ViewOptions,
  count: number,
  runs: Runs = profile.runs,
): FunctionTimes {
  const { frames } = profile;
  return widest(profile, view, count, {
    runs,
    places: frames.line.length,
    placeOf: (frame) => frame,
    entryFor: (frame) => emptyEntry(profile, frame, frames.line.at(frame), { ...view, lines: 'current' }),
  });
}

interface Grouping {
  readonly runs: Runs;
  /** Entries there may be, and which of them a frame belongs to. */
  readonly places: number;
  readonly placeOf: (frame: number) => number;
  readonly entryFor: (frame: number) => FunctionTime;
}

function widest(profile: Profile, view: ViewOptions, count: number, grouping: Grouping): FunctionTimes {
  const { placeOf, entryFor } = grouping;
  const { time, waiting, samples } = sumByStack(profile, view, grouping.runs);
  const hidden = hiddenFrames(profile, view);
  const entries: (FunctionTime | undefined)[] = new Array(grouping.places);
  const found: FunctionTime[] = [];
  const lastSeenIn = new Int32Array(grouping.places).fill(-1);
  let totalTime = 0;
  let totalSamples = 0;
  for (let stack = 0; stack < samples.length; stack++) {
    if (samples[stack] === 0 && time[stack] === 0) continue;
    totalTime += time[stack]!;
    totalSamples += samples[stack]!;
    let innermost = true;
    walkStack(profile, stack, (at) => {
      if (hidden(at)) return true;
      const frame = profile.stacks.frame.at(at);
      const place = placeOf(frame);
      let entry = entries[place];
      if (entry === undefined) {
        entry = entryFor(frame);
        entries[place] = entry;
        found.push(entry);
      }
      if (innermost) {
        entry.selfTime += time[stack]!;
        entry.waitingTime += waiting[stack]!;
        innermost = false;
      }
      if (lastSeenIn[place] !== stack) {
        lastSeenIn[place] = stack;
        entry.totalTime += time[stack]!;
        entry.samples += samples[stack]!;
      }
      return true;
    });
  }
  found.sort(
    (a, b) =>
      b.selfTime - a.selfTime || b.totalTime - a.totalTime || a.function - b.function || a.line - b.line,
  );
  return { totalTime, samples: totalSamples, widest: found.slice(0, count) };
}

/** What of the runs a view shows, by stack. */
function sumByStack(profile: Profile, view: ViewOptions, runs: Runs) {
  const shown = shownPart(profile, view, runs);
  const stackCount = profile.stacks.frame.length;
  const time = new Float64Array(stackCount);
  const waiting = new Float64Array(stackCount);
  const samples = new Float64Array(stackCount);
  for (let run = 0; run < runs.stack.length; run++) {
    const part = shown(run);
    if (part === 0) continue;
    const stack = runs.stack.at(run);
    const shownTime = runs.duration.at(run) * part;
    time[stack]! += shownTime;
    samples[stack]! += runs.samples.at(run) * part;
    if ((runs.flags.at(run) & RunFlag.waiting) !== 0) waiting[stack]! += shownTime;
  }
  return { time, waiting, samples };
}

function emptyEntry(profile: Profile, frame: number, line: number, view: ViewOptions): FunctionTime {
  const fn = profile.frames.function.at(frame);
  const info = profile.functions[fn];
  return {
    function: fn,
    line,
    label: info === undefined ? '<unknown function>' : frameLabel(info, line, view),
    category: info === undefined ? 'synthetic' : categoryOf(info),
    totalTime: 0,
    selfTime: 0,
    waitingTime: 0,
    samples: 0,
  };
}
