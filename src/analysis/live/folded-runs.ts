import { noContext } from '../../model/context.js';
import { PairTable } from '../../model/pair-table.js';
import { makeRuns, type Profile, type Runs } from '../../model/profile.js';
import { sameContexts } from '../context-values.js';
import { foldedFlags } from '../fold-runs.js';

/**
 * Runs added up: one row for each process, stack, flags and value of one label, however long it is added to. Every
 * analysis takes these instead of the runs of the profile; what they no longer show is when, which of a process's
 * threads, and other labels. It grows with the number of different stacks (and of values of that label), not with time.
 */
export class FoldedRuns {
  readonly runs: Runs = makeRuns();
  readonly #profile: Profile;
  readonly #label: string | undefined;
  /** The context that stands for one: that of the first with the same value of the label. */
  readonly #contextOf: (context: number) => number;
  /** By process and flags, then by stack and context. */
  readonly #rows = new Map<number, Map<number, number>>();
  readonly #stackContexts = new PairTable();

  /**
   * All runs that are added must refer to the tables of `profile`. `label`: a key of contexts by whose values rows are
   * told apart; `lasting`: the context that stands for one which may be forgotten.
   */
  constructor(profile: Profile, label?: string, lasting = (context: number) => context) {
    this.#profile = profile;
    this.#label = label;
    const same = label === undefined ? () => noContext : sameContexts(profile, label);
    this.#contextOf = label === undefined ? same : (context) => same(lasting(context));
  }

  /** `isShown`: only runs of such a context. */
  add(from: Runs, isShown: (context: number) => boolean = () => true): void {
    const { runs } = this;
    for (let run = 0; run < from.stack.length; run++) {
      const samples = from.samples.at(run);
      const duration = from.duration.at(run);
      if (samples === 0 && duration === 0) continue;
      if (!isShown(from.context.at(run))) continue;
      const context = this.#contextOf(from.context.at(run));
      const flags = foldedFlags(from.flags.at(run));
      const row = this.#row(from.thread.at(run), from.stack.at(run), flags, context);
      runs.duration.set(row, runs.duration.at(row) + duration);
      runs.samples.set(row, Math.min(runs.samples.at(row) + samples, 0x7fff_ffff));
    }
  }

  clear(): void {
    for (const column of Object.values(this.runs)) column.length = 0;
    this.#rows.clear();
    this.#stackContexts.clear();
  }

  /** What was folded so far, apart from what is added later. */
  copy(): FoldedRuns {
    const copy = new FoldedRuns(this.#profile, this.#label);
    copy.add(this.runs);
    return copy;
  }

  #row(thread: number, stack: number, flags: number, context: number): number {
    const process = this.#profile.threads[thread]?.process ?? 0;
    const group = process * 2 ** 31 + flags;
    let ofGroup = this.#rows.get(group);
    if (ofGroup === undefined) {
      ofGroup = new Map();
      this.#rows.set(group, ofGroup);
    }
    const key = this.#stackContexts.intern(stack, context);
    const known = ofGroup.get(key);
    if (known !== undefined) return known;
    const { runs } = this;
    const row = runs.stack.length;
    ofGroup.set(key, row);
    runs.thread.push(thread);
    runs.stack.push(stack);
    runs.flags.push(flags);
    runs.context.push(context);
    runs.start.push(0);
    runs.duration.push(0);
    runs.samples.push(0);
    return row;
  }
}
