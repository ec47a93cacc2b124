import type { Profile } from '../../model/profile.js';
import { leafStateOf } from '../run-states.js';
import { eachWeight, type SampleWeight } from '../sample-weights.js';
import { walkStack } from '../stack-walk.js';
import type { Mode, ViewOptions } from '../view-options.js';
import { BlockSums } from './block-sums.js';
import { isReady } from './contention.js';
import { ThreadSteps } from './thread-steps.js';
import type { Units } from './units.js';

/**
 * What of a recording is compared, by row. Functions in C are not: which of them a sample names depends on what the
 * recording has proven of its calls, and differs from run to run by more than what they take.
 */
export interface Measured {
  /** Rows are matched functions, then leaf states. The time of C functions is that of the function that called them. */
  readonly self: BlockSums;
  readonly total: BlockSums;
  /** Rows are strata: routes, where units are requests. */
  readonly routes: BlockSums;
  /** Row 0: all of it. */
  readonly whole: BlockSums;
  /** By function and the C function innermost below it, as `pairOf` numbers them: time per unit. */
  readonly called: ReadonlyMap<number, number>;
}

/** `functions`: the row of each function; `count`: how many rows of functions there are. */
export function measure(
  profile: Profile,
  view: ViewOptions,
  units: Units,
  { functions, count }: { readonly functions: Int32Array; readonly count: number },
): Measured {
  const { frames, stacks } = profile;
  const isC = profile.functions.map(({ kind }) => kind === 'c');
  const steps = new ThreadSteps();
  const sums = () => new BlockSums(units, steps);
  const [self, total, routes, whole] = [sums(), sums(), sums(), sums()];
  const called = new Map<number, number>();
  /** By row: the last time that it was counted, since a function may be on a stack twice. */
  const counted = new Float64Array(count);
  let times = 0;
  let stack = 0;
  let state = -1;
  let ran = false;
  const putSelf = (row: number, innermostC: number, block: number, stratum: number, time: number): void => {
    self.add(row, block, stratum, time, ran);
    if (innermostC < 0) return;
    const pair = pairOf(row, innermostC, count);
    called.set(pair, (called.get(pair) ?? 0) + time * units.strata[stratum]!.scale);
  };
  const put = (block: number, stratum: number, time: number): void => {
    times++;
    routes.add(stratum, block, stratum, time, ran);
    whole.add(0, block, stratum, time, ran);
    let isInnermost = state < 0;
    if (!isInnermost) {
      self.add(count + state, block, stratum, time, ran);
      total.add(count + state, block, stratum, time, ran);
    }
    let innermostC = -1;
    walkStack(profile, stack, (at) => {
      const fn = frames.function.at(stacks.frame.at(at));
      const row = functions[fn]!;
      if (isC[fn]) {
        if (innermostC < 0) innermostC = row;
        return true;
      }
      if (isInnermost) putSelf(row, innermostC, block, stratum, time);
      isInnermost = false;
      if (counted[row] === times) return true;
      counted[row] = times;
      total.add(row, block, stratum, time, ran);
      return true;
    });
  };
  eachWeight(profile, view, profile.runs, (weight) => {
    stack = weight.stack;
    state = leafStateOf(weight.flags, view.mode);
    ran = hasRun(weight, view.mode);
    steps.next(weight, weight.thread < 0 ? profile.suspended.runs : profile.runs);
    units.place(weight, put);
  });
  return { self, total, routes, whole, called };
}

/** Whether what a view shows of a weight is time that a thread ran: there is more of it on a slower machine. */
export function hasRun({ thread, flags }: SampleWeight, mode: Mode): boolean {
  return mode === 'cpu' || (mode !== 'gil-wait' && thread >= 0 && isReady(flags));
}

/** A function and the C function that it calls, as a number. */
function pairOf(row: number, called: number, count: number): number {
  return row * count + called;
}
