import type { Profile } from '../../model/profile.js';
import { leafStateOf } from '../run-states.js';
import { eachWeight } from '../sample-weights.js';
import { walkStack } from '../stack-walk.js';
import type { ViewOptions } from '../view-options.js';
import { BlockSums, type Place } from './block-sums.js';
import type { Counted, CountedUnits } from './units.js';

/**
 * What of a recording is compared, by row. Functions in C are not: which of them a sample names depends on what the
 * recording has proven of its calls, and differs from run to run by more than what they take.
 */
export interface MeasuredFunctions {
  /** Rows are matched functions, then leaf states. The time of C functions is that of the function that called them. */
  readonly self: BlockSums;
  readonly total: BlockSums;
  /** By function and the C function innermost below it, as `pairOf` numbers them: time per unit. */
  readonly called: ReadonlyMap<number, number>;
}

/** `functions`: the row of each function; `count`: how many rows of functions there are. */
export function measureFunctions(
  profile: Profile,
  view: ViewOptions,
  units: CountedUnits,
  { functions, count }: { readonly functions: Int32Array; readonly count: number },
): MeasuredFunctions {
  const { frames, stacks } = profile;
  const isC = profile.functions.map(({ kind }) => kind === 'c');
  const [self, total] = [new BlockSums(units), new BlockSums(units)];
  const called = new Map<number, number>();
  /** By row: the last time that it was counted, since a function may be on a stack twice. */
  const countedAt = new Float64Array(count);
  let times = 0;
  let stack = 0;
  let state = -1;
  let counted: Counted;
  const putSelf = (row: number, innermostC: number, place: Place): void => {
    self.add(row, place, counted);
    if (innermostC < 0) return;
    const pair = pairOf(row, innermostC, count);
    const scaled = counted.time * place.part * units.strata[place.stratum]!.scale;
    called.set(pair, (called.get(pair) ?? 0) + scaled);
  };
  const put = (block: number, stratum: number, part: number): void => {
    times++;
    const place = { block, stratum, part };
    let isInnermost = state < 0;
    if (!isInnermost) {
      self.add(count + state, place, counted);
      total.add(count + state, place, counted);
    }
    let innermostC = -1;
    walkStack(profile, stack, (at) => {
      const fn = frames.function.at(stacks.frame.at(at));
      const row = functions[fn]!;
      if (isC[fn]) {
        if (innermostC < 0) innermostC = row;
        return true;
      }
      if (isInnermost) putSelf(row, innermostC, place);
      isInnermost = false;
      if (countedAt[row] === times) return true;
      countedAt[row] = times;
      total.add(row, place, counted);
      return true;
    });
  };
  eachWeight(profile, view, profile.runs, (weight) => {
    stack = weight.stack;
    state = leafStateOf(weight.flags, view.mode);
    counted = units.count(weight);
    units.place(weight, put);
  });
  return { self, total, called };
}

/** All time of a recording. */
export interface MeasuredWhole {
  /** Rows are strata: routes, where units are requests. */
  readonly routes: BlockSums;
  /** Row 0: all of it. */
  readonly whole: BlockSums;
  /** Row 0: what of it threads ran. */
  readonly running: BlockSums;
  /** Of that, by the innermost function that is compared: time per unit. */
  readonly runningIn: Float64Array;
}

export function measureWhole(
  profile: Profile,
  view: ViewOptions,
  units: CountedUnits,
  { functions, count }: { readonly functions: Int32Array; readonly count: number },
): MeasuredWhole {
  const [routes, whole, running] = [new BlockSums(units), new BlockSums(units), new BlockSums(units)];
  const runningIn = new Float64Array(count);
  const innermost = innermostRows(profile, functions);
  let counted: Counted;
  let row = -1;
  const put = (block: number, stratum: number, part: number): void => {
    const place = { block, stratum, part };
    routes.add(stratum, place, counted);
    whole.add(0, place, counted);
    if (!counted.hasRun) return;
    running.add(0, place, counted);
    if (row >= 0) runningIn[row]! += counted.time * part * units.strata[stratum]!.scale;
  };
  eachWeight(profile, view, profile.runs, (weight) => {
    counted = units.count(weight);
    row = leafStateOf(weight.flags, view.mode) < 0 ? innermost(weight.stack) : -1;
    units.place(weight, put);
  });
  return { routes, whole, running, runningIn };
}

/** The row of the innermost function of a stack that is none in C; -1: there is none. */
function innermostRows(profile: Profile, functions: Int32Array): (stack: number) => number {
  const { frames, stacks } = profile;
  const known = new Map<number, number>();
  return (stack) => {
    const found = known.get(stack);
    if (found !== undefined) return found;
    let row = -1;
    walkStack(profile, stack, (at) => {
      const fn = frames.function.at(stacks.frame.at(at));
      if (profile.functions[fn]!.kind !== 'c') row = functions[fn]!;
      return row < 0;
    });
    known.set(stack, row);
    return row;
  };
}

/** A function and the C function that it calls, as a number. */
function pairOf(row: number, called: number, count: number): number {
  return row * count + called;
}
