import { PairTable } from '../model/pair-table.js';
import type { Profile, Runs } from '../model/profile.js';
import { CallTreeColumns, type CallTreeNode, type FrameDescription } from './call-tree-columns.js';
import { categoryOf } from './category.js';
import { labelValues } from './context-values.js';
import { hiddenFrames } from './hidden-frames.js';
import { contextLabel, frameLabel, processLabel, shownLine, threadLabel } from './labels.js';
import { leafStateOf, leafStates } from './run-states.js';
import { sameFunctions } from './same-functions.js';
import { atOnce, type SampleWeight, weightPieces } from './sample-weights.js';
import { StackPairs } from './stack-pairs.js';
import { walkStack } from './stack-walk.js';
import { rowsOfThreads } from './task-rows.js';
import type { ViewOptions } from './view-options.js';
import { type Sums, WeightSums } from './weight-sums.js';

export type { CallTreeNode };

export interface CallTree {
  /** Stands for everything that the view shows; its label is `all`. */
  readonly root: CallTreeNode;
  /** Every node but the root, parents before their children. */
  readonly nodes: readonly CallTreeNode[];
  /** The same as numbers, for those who look at all of it: node 0 is the root, and the first of `nodes` is 1. */
  readonly columns: CallTreeColumns;
}

/**
 * All shown runs merged into one tree, callers above callees. Neither deep stacks nor many runs make it slow. `runs`
 * are those of the profile, or folded ones (live/folded-runs.ts).
 */
export function buildCallTree(profile: Profile, view: ViewOptions, runs: Runs = profile.runs): CallTree {
  return atOnce(callTreePieces(profile, view, runs));
}

/** Sums of a piece: some 2 ms. */
const pieceLength = 4000;

/** The same in pieces, with a yield after each, for those who have to do other things meanwhile. */
export function* callTreePieces(
  profile: Profile,
  view: ViewOptions,
  runs: Runs = profile.runs,
): Generator<void, CallTree, void> {
  const tree = new CallTreeColumns(synthetic('all'));
  const { keyOf, describe } = frameKeys(profile, view);
  const groups = groupsOf(profile, view);

  // Where each stack's node is within the group that is being added; `stamp` says whose the entry is.
  const stackCount = profile.stacks.frame.length;
  const nodeOf = new Int32Array(stackCount);
  const stamp = new Int32Array(stackCount).fill(-2);
  const path: number[] = [];
  const hidden = hiddenFrames(profile, view);
  const sums = yield* sumByStack(profile, view, runs, groups);
  for (const [group, weights] of sums) {
    const top = groups.rootOf(group, tree);
    const reach = (stack: number): number => {
      path.length = 0;
      let at = top;
      walkStack(profile, stack, (outer) => {
        if (stamp[outer] === group) {
          at = nodeOf[outer]!;
          return false;
        }
        path.push(outer);
        return true;
      });
      for (let index = path.length - 1; index >= 0; index--) {
        const reached = path[index]!;
        const frame = profile.stacks.frame.at(reached);
        if (!hidden(reached)) at = tree.child(at, keyOf(frame), describe, frame);
        nodeOf[reached] = at;
        stamp[reached] = group;
      }
      return at;
    };
    const add = (stack: number, leafState: number, weight: Sums) => {
      let at = stamp[stack] === group ? nodeOf[stack]! : reach(stack);
      if (leafState > 0) at = tree.child(at, -leafState, ofLeafState, leafState);
      tree.add(at, weight);
    };
    for (let from = 0; from < weights.size; from += pieceLength) {
      weights.each(add, from, from + pieceLength);
      if (from + pieceLength < weights.size) yield;
    }
  }
  yield* tree.finish();
  return new Tree(tree);
}

class Tree implements CallTree {
  readonly columns: CallTreeColumns;

  constructor(columns: CallTreeColumns) {
    this.columns = columns;
  }

  get root(): CallTreeNode {
    return this.columns.node(0);
  }

  get nodes(): readonly CallTreeNode[] {
    const { columns } = this;
    return Array.from({ length: columns.count - 1 }, (_, at) => columns.node(at + 1));
  }
}

const stateDescriptions = leafStates.map(synthetic);

/** By the number of a state, and one more. */
function ofLeafState(state: number): FrameDescription {
  return stateDescriptions[state - 1]!;
}

/**
 * What a view counts, added up by the group that has root frames of its own, then by stack and state: 0 for none, or
 * one more than the state below the stack.
 */
function* sumByStack(
  profile: Profile,
  view: ViewOptions,
  runs: Runs,
  groups: Groups,
): Generator<void, Map<number, WeightSums>, void> {
  const byGroup = new Map<number, WeightSums>();
  let group = -1;
  let sums: WeightSums | undefined;
  yield* weightPieces(profile, view, runs, (weight) => {
    const before = group;
    if (before < 0 || !groups.isOne) group = groups.groupOf(weight);
    if (group !== before) sums = byGroup.get(group);
    if (sums === undefined) {
      // What takes room for every stack is for one group: there may be thousands.
      sums = new WeightSums(groups.isOne ? new StackPairs(profile.stacks.frame.length) : undefined);
      byGroup.set(group, sums);
    }
    sums.add(weight.stack, leafStateOf(weight.flags, view.mode) + 1, weight);
  });
  return byGroup;
}

function processOf(profile: Profile, thread: number): number {
  return profile.threads[thread]?.process ?? -1;
}

function synthetic(label: string): FrameDescription {
  return { label, function: -1, category: 'synthetic' };
}

/** What has the same root frames, as a number from 0 on. */
interface Groups {
  /** The root alone. */
  readonly isOne: boolean;
  groupOf(weight: SampleWeight): number;
  /** The node that the group hangs from: the root, or its frames for a value of the label, a process and a thread. */
  rootOf(group: number, tree: CallTreeColumns): number;
}

function groupsOf(profile: Profile, view: ViewOptions): Groups {
  const { threads, processes, label } = view;
  const labels = label ? labelValues(profile, label.key) : undefined;
  const pairs = new PairTable();
  const rows = rowsOfThreads(profile);
  // By group: an index into the values of the label, and one of a thread, else of a process.
  const members: { readonly value: number; readonly member: number }[] = [];
  return {
    isOne: !threads && !processes && labels === undefined,
    groupOf: ({ thread, process, context }) => {
      // Suspended tasks of a process are one.
      const member = threads
        ? thread < 0
          ? -1 - process
          : (rows[thread] ?? thread)
        : processes
          ? process
          : 0;
      const value = labels ? labels.numberOf(context) : 0;
      const group = pairs.intern(value, member);
      if (group === members.length) members.push({ value, member });
      return group;
    },
    rootOf: (group, tree) => {
      const { value, member } = members[group]!;
      let at = 0;
      if (label)
        at = tree.child(at, value, (of) => synthetic(contextLabel(label.key, labels!.values[of])), value);
      if (processes) {
        const index = !threads ? member : member < 0 ? -1 - member : processOf(profile, member);
        const process = profile.processes[index];
        const text = process ? processLabel(process) : '<unknown process>';
        at = tree.child(at, index, () => synthetic(text), index);
      }
      if (!threads) return at;
      const thread = profile.threads[member];
      const name = member < 0 ? 'suspended tasks' : '<unknown thread>';
      return tree.child(at, member, () => synthetic(thread ? threadLabel(thread) : name), member);
    },
  };
}

/**
 * Which frames are the same place: equal function (by what it is, since the same code may have been loaded twice)
 * and equal line as shown.
 */
function frameKeys(profile: Profile, view: ViewOptions) {
  const same = sameFunctions(profile);
  const ids = new PairTable();
  const keys = new Int32Array(profile.frames.function.length).fill(-1);
  // By key: equal frames of a tree share what describes them.
  const descriptions: (FrameDescription | undefined)[] = [];
  const keyOf = (frame: number): number => {
    if (keys[frame] !== -1) return keys[frame]!;
    const index = profile.frames.function.at(frame);
    const fn = profile.functions[index];
    const line = fn === undefined ? 0 : shownLine(fn, profile.frames.line.at(frame), view);
    keys[frame] = ids.intern(fn === undefined ? -1 : same[index]!, line);
    return keys[frame]!;
  };
  const describe = (frame: number): FrameDescription => {
    const key = keyOf(frame);
    descriptions[key] ??= describeFrame(profile, frame, view);
    return descriptions[key]!;
  };
  return { keyOf, describe };
}

function describeFrame(profile: Profile, frame: number, view: ViewOptions): FrameDescription {
  const index = profile.frames.function.at(frame);
  const fn = profile.functions[index];
  if (fn === undefined) return synthetic('<unknown function>');
  const label = frameLabel(fn, profile.frames.line.at(frame), view);
  return { label, function: index, category: categoryOf(fn) };
}
