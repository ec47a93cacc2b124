import { cpuShareOf, type Profile, type Runs } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';
import { hiddenFrames } from './hidden-frames.js';
import { frameLabel, processLabel, shownLine, threadLabel } from './labels.js';
import { isWaiting, leafOf, markOf, markOfLeaf, marks, stackOfLeaf } from './run-states.js';
import { shownPart } from './shown-part.js';
import { walkStack } from './stack-walk.js';
import type { ViewOptions } from './view-options.js';

/** A frame in its place among its callers. Times are microseconds of the time that the view shows. */
export interface CallTreeNode {
  readonly label: string;
  /** Index into `Profile.functions`; -1 for the root, for frames that stand for a thread or a process, and for marks. */
  readonly function: number;
  readonly category: Category;
  /** Time with this frame on the stack. */
  totalTime: number;
  /** Time with this frame innermost. */
  selfTime: number;
  /** The part of `totalTime` and of `selfTime` in which the thread was blocked. */
  totalWaiting: number;
  selfWaiting: number;
  /** Time on a CPU with this frame on the stack, and with it innermost. */
  totalCpu: number;
  selfCpu: number;
  samples: number;
  selfSamples: number;
  /** Longest first, equal ones by label. */
  readonly children: CallTreeNode[];
}

export interface CallTree {
  /** Stands for everything that the view shows; its label is `all`. */
  readonly root: CallTreeNode;
  /** Every node but the root, parents before their children. */
  readonly nodes: readonly CallTreeNode[];
}

/**
 * All shown runs merged into one tree, callers above callees. Neither deep stacks nor many runs make it slow. `runs` are those of the
 * profile, or folded ones (folded-runs.ts).
 */
export function buildCallTree(profile: Profile, view: ViewOptions, runs: Runs = profile.runs): CallTree {
  const root = node('all', -1, 'synthetic');
  const nodes: CallTreeNode[] = [];
  const keys = frameKeys(profile, view);
  const child = childFinder(nodes);
  const roots = rootFinder(profile, view, root, child);

  // Where each stack's node is within the thread or process in hand; `stamp` says whose the entry is.
  const stackCount = profile.stacks.frame.length;
  const nodeOf: CallTreeNode[] = new Array(stackCount);
  const stamp = new Int32Array(stackCount).fill(-2);
  const path: number[] = [];
  const hidden = hiddenFrames(profile, view);
  for (const [group, weights] of sumByStack(profile, view, runs)) {
    const top = roots(group);
    for (const [leaf, weight] of weights) {
      const stack = stackOfLeaf(leaf);
      path.length = 0;
      let at = top;
      walkStack(profile, stack, (outer) => {
        if (hidden(outer)) return true;
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
        at = child(at, keys.keyOf(frame), () => keys.nodeFor(frame));
        nodeOf[reached] = at;
        stamp[reached] = group;
      }
      const mark = markOfLeaf(leaf);
      if (mark >= 0) at = child(at, -1 - mark, () => node(marks[mark]!, -1, 'synthetic'));
      at.selfTime += weight.time;
      at.selfWaiting += weight.waiting;
      at.selfCpu += weight.cpu;
      at.selfSamples += weight.samples;
    }
  }
  addUp(root, nodes);
  return { root, nodes };
}

interface Weight {
  time: number;
  waiting: number;
  cpu: number;
  samples: number;
}

/** Runs summed by what the root frame will be (a thread, a process, or 0 for none), then by leaf. */
function sumByStack(profile: Profile, view: ViewOptions, runs: Runs): Map<number, Map<number, Weight>> {
  const { thread, stack, flags, duration, samples } = runs;
  const shown = shownPart(profile, view, runs);
  const groups = new Map<number, Map<number, Weight>>();
  for (let run = 0; run < stack.length; run++) {
    const part = shown(run);
    if (part === 0) continue;
    const time = duration.at(run) * part;
    const count = samples.at(run) * part;
    const state = flags.at(run);
    const waiting = isWaiting(state, view.mode) ? time : 0;
    const cpu = duration.at(run) * cpuShareOf(state);
    const group = view.threads ? thread.at(run) : view.processes ? processOf(profile, thread.at(run)) : 0;
    let weights = groups.get(group);
    if (weights === undefined) {
      weights = new Map();
      groups.set(group, weights);
    }
    const leaf = leafOf(stack.at(run), markOf(state, view.mode));
    const known = weights.get(leaf);
    if (known === undefined) weights.set(leaf, { time, waiting, cpu, samples: count });
    else {
      known.time += time;
      known.waiting += waiting;
      known.cpu += cpu;
      known.samples += count;
    }
  }
  return groups;
}

function processOf(profile: Profile, thread: number): number {
  return profile.threads[thread]?.process ?? -1;
}

type ChildFinder = (parent: CallTreeNode, key: number, make: () => CallTreeNode) => CallTreeNode;

function childFinder(nodes: CallTreeNode[]): ChildFinder {
  const children = new Map<CallTreeNode, Map<number, CallTreeNode>>();
  return (parent, key, make) => {
    let byKey = children.get(parent);
    if (byKey === undefined) {
      byKey = new Map();
      children.set(parent, byKey);
    }
    let found = byKey.get(key);
    if (found === undefined) {
      found = make();
      byKey.set(key, found);
      nodes.push(found);
      parent.children.push(found);
    }
    return found;
  };
}

/** The node that a group of runs hangs from: the root, or the frames of its process and thread. */
function rootFinder(profile: Profile, view: ViewOptions, root: CallTreeNode, child: ChildFinder) {
  return (group: number): CallTreeNode => {
    if (!view.threads && !view.processes) return root;
    const thread = view.threads ? profile.threads[group] : undefined;
    let at = root;
    if (view.processes) {
      const index = view.threads ? processOf(profile, group) : group;
      const process = profile.processes[index];
      at = child(at, index, () =>
        node(process ? processLabel(process) : '<unknown process>', -1, 'synthetic'),
      );
    }
    if (!view.threads) return at;
    return child(at, group, () => node(thread ? threadLabel(thread) : '<unknown thread>', -1, 'synthetic'));
  };
}

/**
 * Which frames are the same place: equal function (by what it is, since the same code may have been loaded twice)
 * and equal line as shown.
 */
function frameKeys(profile: Profile, view: ViewOptions) {
  const ids = new Map<string, number>();
  const keys = new Int32Array(profile.frames.function.length).fill(-1);
  return {
    keyOf(frame: number): number {
      if (keys[frame] !== -1) return keys[frame]!;
      const fn = profile.functions[profile.frames.function.at(frame)];
      const line = fn === undefined ? 0 : shownLine(fn, profile.frames.line.at(frame), view);
      const text =
        fn === undefined
          ? ''
          : JSON.stringify([fn.kind, fn.qualifiedName, fn.name, fn.file, fn.firstLine, line]);
      const id = ids.get(text) ?? ids.size;
      ids.set(text, id);
      keys[frame] = id;
      return id;
    },
    nodeFor(frame: number): CallTreeNode {
      const index = profile.frames.function.at(frame);
      const fn = profile.functions[index];
      if (fn === undefined) return node('<unknown function>', -1, 'synthetic');
      return node(frameLabel(fn, profile.frames.line.at(frame), view), index, categoryOf(fn));
    },
  };
}

function node(label: string, fn: number, category: Category): CallTreeNode {
  return {
    label,
    function: fn,
    category,
    totalTime: 0,
    selfTime: 0,
    totalWaiting: 0,
    selfWaiting: 0,
    totalCpu: 0,
    selfCpu: 0,
    samples: 0,
    selfSamples: 0,
    children: [],
  };
}

function addUp(root: CallTreeNode, nodes: readonly CallTreeNode[]): void {
  // From the last to the first: children come after their parents, so each is complete when it is added.
  for (let index = nodes.length - 1; index >= -1; index--) {
    const at = index === -1 ? root : nodes[index]!;
    at.totalTime = at.selfTime;
    at.totalWaiting = at.selfWaiting;
    at.totalCpu = at.selfCpu;
    at.samples = at.selfSamples;
    for (const child of at.children) {
      at.totalTime += child.totalTime;
      at.totalWaiting += child.totalWaiting;
      at.totalCpu += child.totalCpu;
      at.samples += child.samples;
    }
    at.children.sort(byTime);
  }
}

function byTime(a: CallTreeNode, b: CallTreeNode): number {
  return b.totalTime - a.totalTime || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}
