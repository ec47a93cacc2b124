import { makeRuns, type Profile, type Runs } from '../model/profile.js';

/**
 * Runs added up: one row for each process, stack and flags, however long it is added to. Every analysis takes these instead of the
 * runs of the profile; what they no longer hold is when, and which of a process's threads. It grows with the number of
 * different stacks, not with time.
 */
export class FoldedRuns {
  readonly runs: Runs = makeRuns();
  readonly #profile: Profile;
  /** By process and flags, then by stack. */
  readonly #rows = new Map<number, Map<number, number>>();

  /** All runs that are added must refer to the tables of `profile`. */
  constructor(profile: Profile) {
    this.#profile = profile;
  }

  add(from: Runs): void {
    const { runs } = this;
    for (let run = 0; run < from.stack.length; run++) {
      const samples = from.samples.at(run);
      const duration = from.duration.at(run);
      if (samples === 0 && duration === 0) continue;
      const row = this.#row(from.thread.at(run), from.stack.at(run), from.flags.at(run));
      runs.duration.set(row, runs.duration.at(row) + duration);
      runs.samples.set(row, Math.min(runs.samples.at(row) + samples, 0x7fff_ffff));
    }
  }

  clear(): void {
    for (const column of Object.values(this.runs)) column.length = 0;
    this.#rows.clear();
  }

  /** What was folded so far, apart from what is added later. */
  copy(): FoldedRuns {
    const copy = new FoldedRuns(this.#profile);
    copy.add(this.runs);
    return copy;
  }

  #row(thread: number, stack: number, flags: number): number {
    const process = this.#profile.threads[thread]?.process ?? 0;
    const group = process * 2 ** 31 + flags;
    let byStack = this.#rows.get(group);
    if (byStack === undefined) {
      byStack = new Map();
      this.#rows.set(group, byStack);
    }
    const known = byStack.get(stack);
    if (known !== undefined) return known;
    const { runs } = this;
    const row = runs.stack.length;
    byStack.set(stack, row);
    runs.thread.push(thread);
    runs.stack.push(stack);
    runs.flags.push(flags);
    runs.start.push(0);
    runs.duration.push(0);
    runs.samples.push(0);
    return row;
  }
}
