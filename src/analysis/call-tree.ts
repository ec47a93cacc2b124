import { PairTable } from '../model/pair-table.js';
import type { Profile, Runs } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';
import { labelValues } from './context-values.js';
import { hiddenFrames } from './hidden-frames.js';
import { contextLabel, frameLabel, processLabel, shownLine, threadLabel } from './labels.js';
import { leafStateOf, leafStates } from './run-states.js';
import { sameFunctions } from './same-functions.js';
import { atOnce, type SampleWeight, weightPieces } from './sample-weights.js';
import { StackPairs } from './stack-pairs.js';
import { walkStack } from './stack-walk.js';
import type { ViewOptions } from './view-options.js';
import { type Sums, WeightSums } from './weight-sums.js';

/** A frame in its place among its callers. Times are microseconds of the time that the view shows. */
export interface CallTreeNode {
  readonly label: string;
  /** Where it is the same object, label, function and category are the same. */
  readonly frame: object;
  /**
   * Index into `Profile.functions`; -1 for the root, for frames that stand for a thread or a process, and for
   * leafStates.
   */
  readonly function: number;
  readonly category: Category;
  /** Time with this frame on the stack. */
  readonly totalTime: number;
  /** Time with this frame innermost. */
  readonly selfTime: number;
  /** The part of `totalTime` and of `selfTime` in which the thread was blocked. */
  readonly totalWaiting: number;
  readonly selfWaiting: number;
  /** Time on a CPU with this frame on the stack, and with it innermost. */
  readonly totalCpu: number;
  readonly selfCpu: number;
  readonly samples: number;
  readonly selfSamples: number;
  /** Longest first, equal ones by label. */
  readonly children: readonly CallTreeNode[];
}

export interface CallTree {
  /** Stands for everything that the view shows; its label is `all`. */
  readonly root: CallTreeNode;
  /** Every node but the root, parents before their children. */
  readonly nodes: readonly CallTreeNode[];
}

/**
 * All shown runs merged into one tree, callers above callees. Neither deep stacks nor many runs make it slow. `runs`
 * are those of the profile, or folded ones (live/folded-runs.ts).
 */
export function buildCallTree(profile: Profile, view: ViewOptions, runs: Runs = profile.runs): CallTree {
  return atOnce(callTreePieces(profile, view, runs));
}

/** Stacks, and nodes, of a piece: some 2 ms. */
const pieceLength = 2000;

/** The same in pieces, with a yield after each, for those who have to do other things meanwhile. */
export function* callTreePieces(
  profile: Profile,
  view: ViewOptions,
  runs: Runs = profile.runs,
): Generator<void, CallTree, void> {
  const tree = new TreeBuilder();
  const { root, nodes } = tree;
  const keys = frameKeys(profile, view);
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
    const add = (stack: number, leafState: number, weight: Sums) => {
      path.length = 0;
      let at = top;
      walkStack(profile, stack, (outer) => {
        if (stamp[outer] === group) {
          at = tree.at(nodeOf[outer]!);
          return false;
        }
        path.push(outer);
        return true;
      });
      for (let index = path.length - 1; index >= 0; index--) {
        const reached = path[index]!;
        const frame = profile.stacks.frame.at(reached);
        if (!hidden(reached)) at = tree.child(at, keys.keyOf(frame), () => keys.describe(frame));
        nodeOf[reached] = at.index;
        stamp[reached] = group;
      }
      const state = leafState - 1;
      if (state >= 0) at = tree.child(at, -1 - state, () => synthetic(leafStates[state]!));
      at.add(weight);
    };
    for (let from = 0; from < weights.size; from += pieceLength) {
      weights.each(add, from, from + pieceLength);
      if (from + pieceLength < weights.size) yield;
    }
  }
  // From the last to the first: children come after their parents, so each is complete when it is added.
  for (let to = nodes.length; to > 0; to -= pieceLength) {
    yield;
    for (let index = to - 1; index >= Math.max(0, to - pieceLength); index--) nodes[index]!.addUp();
  }
  root.addUp();
  return { root, nodes };
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

/**
 * What a node holds as numbers, one after another: sums of its own, and in the same order of all that it stands for.
 */
const sumCount = 8;
const chunkNodes = 4096;

/**
 * Numbers of nodes in columns, and few objects a node: a tree of 4 million nodes is one of 200,000 stacks of 20 frames.
 */
class TreeBuilder {
  readonly root: Node;
  readonly nodes: Node[] = [];
  readonly #numbers = new PairTable(1);
  #chunk = new Float64Array(sumCount * chunkNodes);
  #used = 0;

  constructor() {
    this.root = this.#make(0, synthetic('all'));
  }

  /** The node of that number: 0 is the root. */
  at(index: number): Node {
    return index === 0 ? this.root : this.nodes[index - 1]!;
  }

  child(parent: Node, key: number, describe: () => Description): Node {
    const index = this.#numbers.intern(parent.index, key);
    if (index <= this.nodes.length) return this.nodes[index - 1]!;
    const made = this.#make(index, describe());
    this.nodes.push(made);
    // Most have one: an array that begins empty would take room for 16.
    if (parent.children === noChildren) parent.children = [made];
    else parent.children.push(made);
    return made;
  }

  #make(index: number, description: Description): Node {
    if (this.#used === this.#chunk.length) {
      this.#chunk = new Float64Array(sumCount * chunkNodes);
      this.#used = 0;
    }
    const made = new Node(description, index, this.#chunk, this.#used);
    this.#used += sumCount;
    return made;
  }
}

const noChildren: Node[] = [];

interface Description {
  readonly label: string;
  readonly function: number;
  readonly category: Category;
}

class Node implements CallTreeNode {
  children = noChildren;
  readonly index: number;
  readonly #description: Description;
  readonly #sums: Float64Array;
  readonly #from: number;

  constructor(description: Description, index: number, sums: Float64Array, from: number) {
    this.index = index;
    this.#description = description;
    this.#sums = sums;
    this.#from = from;
  }

  get frame(): object {
    return this.#description;
  }
  get label(): string {
    return this.#description.label;
  }
  get function(): number {
    return this.#description.function;
  }
  get category(): Category {
    return this.#description.category;
  }
  get selfTime(): number {
    return this.#sums[this.#from]!;
  }
  get selfWaiting(): number {
    return this.#sums[this.#from + 1]!;
  }
  get selfCpu(): number {
    return this.#sums[this.#from + 2]!;
  }
  get selfSamples(): number {
    return this.#sums[this.#from + 3]!;
  }
  get totalTime(): number {
    return this.#sums[this.#from + 4]!;
  }
  get totalWaiting(): number {
    return this.#sums[this.#from + 5]!;
  }
  get totalCpu(): number {
    return this.#sums[this.#from + 6]!;
  }
  get samples(): number {
    return this.#sums[this.#from + 7]!;
  }

  add({ time, waiting, cpu, samples }: Sums): void {
    this.#sums[this.#from]! += time;
    this.#sums[this.#from + 1]! += waiting;
    this.#sums[this.#from + 2]! += cpu;
    this.#sums[this.#from + 3]! += samples;
  }

  /** Its own and what its children, which are complete, add up to. */
  addUp(): void {
    const sums = this.#sums;
    const to = this.#from + sumCount / 2;
    for (let of = 0; of < sumCount / 2; of++) {
      let sum = sums[this.#from + of]!;
      for (const child of this.children) sum += child.#sums[child.#from + sumCount / 2 + of]!;
      sums[to + of] = sum;
    }
    if (this.children.length > 1) this.children.sort(byTime);
  }
}

function synthetic(label: string): Description {
  return { label, function: -1, category: 'synthetic' };
}

/** Tasks that are called the same are shown as one, that of the first. */
class ThreadRows {
  readonly #profile: Profile;
  readonly #first = new Map<string, number>();
  readonly #known: number[] = [];

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  of(thread: number): number {
    this.#known[thread] ??= this.#find(thread);
    return this.#known[thread];
  }

  #find(thread: number): number {
    const info = this.#profile.threads[thread];
    if (!info?.isTask) return thread;
    const key = `${info.process} ${info.name}`;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, thread);
    return first ?? thread;
  }
}

/** What has the same root frames, as a number from 0 on. */
interface Groups {
  /** The root alone. */
  readonly isOne: boolean;
  groupOf(weight: SampleWeight): number;
  /** The node that the group hangs from: the root, or its frames for a value of the label, a process and a thread. */
  rootOf(group: number, tree: TreeBuilder): Node;
}

function groupsOf(profile: Profile, view: ViewOptions): Groups {
  const { threads, processes, label } = view;
  const labels = label ? labelValues(profile, label.key) : undefined;
  const pairs = new PairTable();
  const rows = new ThreadRows(profile);
  // By group: an index into the values of the label, and one of a thread, else of a process.
  const members: { readonly value: number; readonly member: number }[] = [];
  return {
    isOne: !threads && !processes && labels === undefined,
    groupOf: ({ thread, process, context }) => {
      // Suspended tasks of a process are one.
      const member = threads ? (thread < 0 ? -1 - process : rows.of(thread)) : processes ? process : 0;
      const value = labels ? labels.numberOf(context) : 0;
      const group = pairs.intern(value, member);
      if (group === members.length) members.push({ value, member });
      return group;
    },
    rootOf: (group, tree) => {
      const { value, member } = members[group]!;
      let at = tree.root;
      if (label) at = tree.child(at, value, () => synthetic(contextLabel(label.key, labels!.values[value])));
      if (processes) {
        const index = !threads ? member : member < 0 ? -1 - member : processOf(profile, member);
        const process = profile.processes[index];
        at = tree.child(at, index, () => synthetic(process ? processLabel(process) : '<unknown process>'));
      }
      if (!threads) return at;
      const thread = profile.threads[member];
      const name = member < 0 ? 'suspended tasks' : '<unknown thread>';
      return tree.child(at, member, () => synthetic(thread ? threadLabel(thread) : name));
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
  const descriptions: (Description | undefined)[] = [];
  const keyOf = (frame: number): number => {
    if (keys[frame] !== -1) return keys[frame]!;
    const index = profile.frames.function.at(frame);
    const fn = profile.functions[index];
    const line = fn === undefined ? 0 : shownLine(fn, profile.frames.line.at(frame), view);
    keys[frame] = ids.intern(fn === undefined ? -1 : same[index]!, line);
    return keys[frame]!;
  };
  const describe = (frame: number): Description => {
    const key = keyOf(frame);
    descriptions[key] ??= describeFrame(profile, frame, view);
    return descriptions[key]!;
  };
  return { keyOf, describe };
}

function describeFrame(profile: Profile, frame: number, view: ViewOptions): Description {
  const index = profile.frames.function.at(frame);
  const fn = profile.functions[index];
  if (fn === undefined) return synthetic('<unknown function>');
  const label = frameLabel(fn, profile.frames.line.at(frame), view);
  return { label, function: index, category: categoryOf(fn) };
}

function byTime(a: CallTreeNode, b: CallTreeNode): number {
  return b.totalTime - a.totalTime || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}
