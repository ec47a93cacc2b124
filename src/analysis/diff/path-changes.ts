import { PairTable } from '../../model/pair-table.js';
import { Profile } from '../../model/profile.js';
import { buildCallTree, type CallTree, type CallTreeNode } from '../call-tree.js';
import { labelValues } from '../context-values.js';
import { recordingsOf } from '../joined-recordings.js';
import { contextLabel } from '../labels.js';
import { leafStateOf, leafStates } from '../run-states.js';
import { eachWeight } from '../sample-weights.js';
import { walkStack } from '../stack-walk.js';
import type { ViewOptions } from '../view-options.js';
import { BlockSums } from './block-sums.js';
import { type Change, compareAll, type Pair } from './compare.js';
import { mean } from './contention.js';
import type { Diff } from './diff.js';
import { type MatchedFunctions, matchFunctions } from './function-names.js';
import { hasRun } from './measure.js';
import { ThreadSteps } from './thread-steps.js';
import type { Units } from './units.js';

/** The calls of one of two recordings, and what became of each in the other. */
export interface ChangedTree {
  /** A node for each function among its callers, whatever its lines. */
  readonly tree: CallTree;
  /**
   * `undefined` of C functions, which are compared with the function that called them, and of what is too small to be
   * compared.
   */
  readonly changeOf: (node: CallTreeNode) => Change | undefined;
  /** By function of the recording, `FunctionChange.row`. */
  readonly rows: Int32Array;
}

/** Parts of the time below which no path is compared: a pixel of a picture. */
const smallestShare = 1e-3;

/** `base`: whose calls the tree has. Equal functions, by name and file, are one. */
export function changedTree(
  diff: Diff,
  { before, after, base, view: asked }: DiffedPair & { readonly base: 'before' | 'after' },
): ChangedTree {
  const view: ViewOptions = { ...asked, lines: 'function', threads: false, processes: false };
  const shown = diff.basis === 'request' ? { ...view, request: view.request ?? {} } : view;
  const matched = matchFunctions(before, after);
  const paths = new Paths(shown, matched);
  const profile = base === 'before' ? before : after;
  const tree = buildCallTree(withEqualFunctions(profile, matched[base]), shown);
  const wanted = paths.ofTree(tree, profile, matched[base], smallestShare * tree.root.totalTime);
  const ids = [...new Set(wanted.values())];
  const isWanted = new Set(ids);
  const sumsOf = (side: 'before' | 'after', whole: Profile) =>
    recordingsOf(whole).map((part, index) =>
      paths.sum(part, matched[side], diff.units[side][index]!, isWanted),
    );
  const sums = { before: sumsOf('before', before), after: sumsOf('after', after) };
  const wholeOf = (side: readonly BlockSums[]) => mean(side.map((of) => of.value(0)));
  const smallest = smallestShare * Math.max(wholeOf(sums.before), wholeOf(sums.after));
  const pairOf = (row: number): Pair => ({ ...sums, row });
  const compared = compareAll(ids.map(pairOf), { smallest, runToRun: diff.runToRun, whole: pairOf(0) });
  const changes = new Map(ids.map((id, index) => [id, compared[index]!]));
  return { tree, changeOf: (node) => changes.get(wanted.get(node) ?? -1), rows: matched[base] };
}

export interface DiffedPair {
  readonly before: Profile;
  readonly after: Profile;
  readonly view: ViewOptions;
}

/** Functions that are the same for a comparison are so for a tree: the last of them stands for all. */
function withEqualFunctions(profile: Profile, rows: Int32Array): Profile {
  const last = new Map([...rows].map((row, index) => [row, profile.functions[index]!]));
  return Object.assign(new Profile(), profile, { functions: Array.from(rows, (row) => last.get(row)!) });
}

/** Numbers of paths that two recordings share. Path 0 is the root. Functions in C are no step of a path. */
class Paths {
  readonly #view: ViewOptions;
  readonly #count: number;
  readonly #paths = new PairTable(1);
  readonly #labels = new Map<string, number>();

  constructor(view: ViewOptions, { count }: MatchedFunctions) {
    this.#view = view;
    this.#count = count;
  }

  /** The path of each node of at least this time; of functions in C none. */
  ofTree(tree: CallTree, profile: Profile, rows: Int32Array, smallest: number): Map<CallTreeNode, number> {
    const found = new Map<CallTreeNode, number>([[tree.root, 0]]);
    const pending: [CallTreeNode, number, number][] = [[tree.root, 0, 0]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [node, path, depth] = next;
      for (const child of node.children) {
        if (child.totalTime < smallest) continue;
        const isC = profile.functions[child.function]?.kind === 'c';
        const step =
          child.function >= 0
            ? rows[child.function]!
            : this.#stepOf(child.label, this.#view.label && depth === 0);
        const reached = isC ? path : this.#paths.intern(path, step);
        if (!isC) found.set(child, reached);
        pending.push([child, reached, depth + 1]);
      }
    }
    return found;
  }

  /** Time of the paths that are wanted, and of all in row 0. */
  sum(profile: Profile, rows: Int32Array, units: Units, wanted: ReadonlySet<number>): BlockSums {
    const steps = new ThreadSteps();
    const sums = new BlockSums(units, steps);
    const { frames, stacks, functions } = profile;
    const { label, mode } = this.#view;
    const values = label && labelValues(profile, label.key);
    const isC = functions.map(({ kind }) => kind === 'c');
    const pathOf = new PairTable();
    const known: number[] = [];
    let path = 0;
    let ran = false;
    const put = (block: number, stratum: number, time: number): void => {
      sums.add(0, block, stratum, time, ran);
      for (let at = path; at !== 0; at = this.#paths.firstOf(at))
        if (wanted.has(at)) sums.add(at, block, stratum, time, ran);
    };
    eachWeight(profile, this.#view, profile.runs, (weight) => {
      const value = values ? values.numberOf(weight.context) : -1;
      const state = leafStateOf(weight.flags, mode);
      const number = pathOf.intern(weight.stack * (leafStates.length + 1) + state + 1, value);
      known[number] ??= this.#pathOf(
        label && contextLabel(label.key, values!.values[value]),
        state,
        (visit) => {
          walkStack(profile, weight.stack, (at) => {
            const fn = frames.function.at(stacks.frame.at(at));
            if (!isC[fn]) visit(rows[fn] ?? -1);
            return true;
          });
        },
      );
      path = known[number];
      ran = hasRun(weight, mode);
      steps.next(weight, weight.thread < 0 ? profile.suspended.runs : profile.runs);
      units.place(weight, put);
    });
    return sums;
  }

  #pathOf(label: string | undefined, state: number, walk: (visit: (row: number) => void) => void): number {
    const rows: number[] = [];
    walk((row) => rows.push(row));
    let path = label === undefined ? 0 : this.#paths.intern(0, this.#stepOf(label, true));
    for (let at = rows.length - 1; at >= 0; at--) path = this.#paths.intern(path, rows[at]!);
    return state < 0 ? path : this.#paths.intern(path, this.#stepOf(leafStates[state]!, false));
  }

  /** A step that is no function, beyond the numbers of these. */
  #stepOf(name: string, isLabel: boolean | undefined): number {
    const key = `${isLabel ? 'label' : 'state'} ${name}`;
    const known = this.#labels.get(key) ?? this.#labels.size;
    this.#labels.set(key, known);
    return this.#count + known;
  }
}
