import { emptyStack, type Profile } from '../model/profile.js';
import { codeLocationsOf } from './code-locations.js';
import { type ThreadRuns, threadRuns } from './thread-runs.js';
import { everything, type ViewOptions } from './view-options.js';

/** Microseconds: a step that keeps a loop for longer is one that others notice. */
const noticedAfter = 50_000;

/** Steps of event loops that kept them from all else. Times are microseconds. */
export interface BlockedLoops {
  /** Longer steps are meant. */
  readonly over: number;
  readonly steps: number;
  readonly time: number;
  readonly longest: number;
  /** What did it, most time first: each step counts for the function that took most of it. */
  readonly causes: readonly BlockingFunction[];
}

export interface BlockingFunction {
  /** Index into `Profile.functions`, of application code where there is any; -1: not known. */
  readonly function: number;
  /** The innermost function that took most; the same as `function` when there is nothing below. */
  readonly in: number;
  steps: number;
  time: number;
  longest: number;
}

/** Steps of loops of asyncio that took so long, as far as samples saw them. */
export function blockedLoops(
  profile: Profile,
  { blockedFor: over = noticedAfter }: Pick<ViewOptions, 'blockedFor'>,
): BlockedLoops {
  const { longSteps, runs } = profile;
  const rows = Array.from({ length: longSteps.thread.length }, (_, row) => row)
    .filter((row) => longSteps.duration.at(row) >= over)
    .sort((a, b) => longSteps.start.at(a) - longSteps.start.at(b));
  if (rows.length === 0) return { over, steps: 0, time: 0, longest: 0, causes: [] };
  const locationOf = codeLocationsOf(profile);
  const byThread = new Map(threadRuns(profile, everything).map((thread) => [thread.thread, thread]));
  const causes = new Map<number, BlockingFunction & { readonly inner: Map<number, number> }>();
  const cursors = new Map<number, number>();
  let [steps, time, longest] = [0, 0, 0];
  for (const row of rows) {
    const thread = longSteps.thread.at(row);
    const from = longSteps.start.at(row);
    const duration = longSteps.duration.at(row);
    const of = byThread.get(thread);
    const stacks = of && stacksWithin(runs, of, { from, to: from + duration }, cursors);
    // What is shown is another part of the recording.
    if (!stacks || stacks.size === 0) continue;
    steps++;
    time += duration;
    longest = Math.max(longest, duration);
    const [stack] = mostOf(stacks);
    const location = stack === emptyStack ? undefined : locationOf(stack);
    const fn = location?.function ?? -1;
    const cause = causes.get(fn) ?? { function: fn, in: fn, steps: 0, time: 0, longest: 0, inner: new Map() };
    causes.set(fn, cause);
    cause.steps++;
    cause.time += duration;
    cause.longest = Math.max(cause.longest, duration);
    for (const [at, spent] of stacks) {
      const inner = at === emptyStack ? undefined : locationOf(at);
      if (inner?.function === fn)
        cause.inner.set(inner.innermost, (cause.inner.get(inner.innermost) ?? 0) + spent);
    }
  }
  return {
    ...{ over, steps, time, longest },
    causes: [...causes.values()]
      .map(({ inner, ...cause }) => ({ ...cause, in: inner.size > 0 ? mostOf(inner)[0] : cause.function }))
      .sort((a, b) => b.time - a.time || a.function - b.function),
  };
}

/** Time by stack within a stretch; stretches of one thread come in order. */
function stacksWithin(
  runs: Profile['runs'],
  { thread, runs: rows }: ThreadRuns,
  { from, to }: { readonly from: number; readonly to: number },
  cursors: Map<number, number>,
): Map<number, number> {
  const found = new Map<number, number>();
  let at = cursors.get(thread) ?? 0;
  for (; at < rows.length; at++) {
    const run = rows[at]!;
    const start = runs.start.at(run);
    const end = start + runs.duration.at(run);
    if (start >= to) break;
    const spent = Math.min(end, to) - Math.max(start, from);
    if (spent > 0) {
      const stack = runs.stack.at(run);
      found.set(stack, (found.get(stack) ?? 0) + spent);
    }
    if (end > to) break;
  }
  cursors.set(thread, at);
  return found;
}

function mostOf(times: ReadonlyMap<number, number>): [number, number] {
  return [...times].reduce((most, one) => (one[1] > most[1] ? one : most));
}
