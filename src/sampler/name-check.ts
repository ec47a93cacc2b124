import type { ReadPlan } from '../memory/read-plan.js';
import { comparedCopy } from '../memory/shared-copy.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { NodeId } from '../model/ids.js';
import type { CodeTable, KnownCode } from './code-table.js';
import { emptyNode, noNode, type StackTree } from './stacks/stack-tree.js';

/**
 * Whether the code objects of a stack are still those that their names were read from.
 *
 * A program that compiles as it runs drops code objects and makes others, and those often come to lie at the same
 * addresses. So the name of a sample is checked in the tick that it is taken in:
 *
 *   - when a 1,024th of the time has passed for which it is known to be the same. A code object is then named wrongly
 *     for less than 0.1 % of the time that it lived, 0.05 % on average; new ones are checked each time, while code that
 *     stays is hardly ever looked at;
 *   - code at an address that was reused of late: with the tick's own copy, since even 5 µs later it may have been
 *     reused again.
 *
 * Above 20,000 samples a second names are checked at intervals only: of a 1,024th of the time since code was last seen
 * to be reused, from 200 µs to 2 ms. One check takes 13 µs, which every 200 µs is 7 % of the rate.
 */
const partOfAge = 1024;
/** Microseconds between ticks below which that counts, and the shortest and longest interval. */
const flatOutPeriod = 50;
const shortestPauseFlatOut = 200;
const longestPauseFlatOut = 2000;
/** Looking for what is due takes some 50 ns a frame: that is kept below 1 % of the time, however deep the stack. */
const microsecondsPerLevel = 5;
/**
 * Microseconds from a copy to the end of reading a name that was not known until which it is taken for the name of what
 * ran: 10 are usual, and to drop code and make other takes as long at least. More pass when the kernel gave our
 * processor to somebody else meanwhile.
 */
export const mostLate = 30;
/** Addresses whose code is copied with every tick; each costs about 0.3 µs. Those of the last reuses count. */
const mostWatched = 32;
/** Microseconds without a reuse after which an address is watched no more. */
const watchedFor = 5e6;

/** Up to where the names of a thread's stack were checked. */
export class CheckedStack {
  node: NodeId = emptyNode;
  /** `StackTree.version` that the node is of. */
  version = -1;
  /** When some code of the stack is to be checked again, microseconds. */
  dueAt = 0;
  /** When it was checked last. */
  checkedAt = Number.NEGATIVE_INFINITY;
}

interface Watched {
  readonly address: number;
  /** When it was last seen to be reused. */
  reusedAt: number;
  /** What the plan has of it, and at which byte of the copy; -1: nothing. */
  code: KnownCode | undefined;
  offset: number;
}

export type NameVerdict = 'right' | 'renamed' | 'late';

export class NameCheck {
  readonly #memory: TargetMemory;
  readonly #tree: StackTree;
  readonly #codes: CodeTable;
  readonly #due: KnownCode[] = [];
  readonly #offsets: number[] = [];
  #watched: Watched[] = [];
  /** The tick's plan must be made again. */
  changed = false;
  /** When code was last seen to be reused; before that, when names were first checked. */
  #reusedAt = Number.NaN;
  /** After `late`: the outermost node whose name was read late, or whose code was dropped. */
  outermostLate: NodeId = noNode;

  constructor(memory: TargetMemory, tree: StackTree, codes: CodeTable) {
    this.#memory = memory;
    this.#tree = tree;
    this.#codes = codes;
  }

  /** Adds the code that is copied with every tick. */
  addTo(plan: ReadPlan): void {
    this.changed = false;
    for (const watched of this.#watched) {
      watched.code = this.#codes.at(watched.address);
      watched.offset = watched.code ? watched.code.identity.addTo(plan) : -1;
    }
  }

  /** No longer copies what begins at `address`, which cannot be read any more. True when it was copied. */
  drop(address: number, length: number): boolean {
    const before = this.#watched.length;
    this.#watched = this.#watched.filter(
      ({ code }) => code === undefined || !code.identity.reads(address, length),
    );
    return this.#watched.length !== before;
  }

  /** Gives up addresses that were not reused of late. */
  review(time: number): void {
    const before = this.#watched.length;
    this.#watched = this.#watched.filter(({ reusedAt }) => time - reusedAt < watchedFor);
    if (this.#watched.length !== before) this.changed = true;
  }

  /**
   * Whether the stack of `node`, copied at `copiedAt`, has the names that its code had then. `passed`: microseconds
   * since the tick before;
   * `copy`: what the tick copied, when the stack was made of that.
   *
   * After `renamed` the code that was reused is known by its new name, or not at all when it is gone by now, and the
   * stack must be made again. After `late` some name was read so long after the copy that it need not be that of the
   * code which ran: the thread must be read again.
   */
  verdict(
    checked: CheckedStack,
    node: NodeId,
    copiedAt: number,
    passed: number,
    copy: Uint32Array | undefined,
  ): NameVerdict {
    const pause = passed < flatOutPeriod ? this.#pauseFlatOut(copiedAt) : 0;
    // Nothing was learnt since the copy, and flat out the rest can wait.
    if (copiedAt - checked.checkedAt < pause && this.#codes.learntAt <= copiedAt) return 'right';
    checked.checkedAt = copiedAt;
    this.#collect(checked, node, copiedAt, pause);
    checked.node = node;
    if (this.#due.length === 0 && this.outermostLate < 0) return 'right';
    const reused: KnownCode[] = [];
    if (copy) this.#compareWithCopy(copy, copiedAt, reused);
    this.#compareWithMemory(copiedAt, reused);
    for (const { address } of reused) {
      const code = this.#codes.learn(address);
      if (code && copy) this.#backdate(code, copy, copiedAt);
      this.#watch(address, copiedAt);
    }
    if (reused.length === 0 && this.outermostLate < 0) return 'right';
    if (reused.length > 0) this.#reusedAt = copiedAt;
    checked.node = emptyNode;
    return reused.length > 0 ? 'renamed' : 'late';
  }

  #pauseFlatOut(now: number): number {
    if (Number.isNaN(this.#reusedAt)) this.#reusedAt = now;
    const part = (now - this.#reusedAt) / partOfAge;
    return Math.max(shortestPauseFlatOut, Math.min(longestPauseFlatOut, part));
  }

  /** Fills `#due`, and looks for names that were read late. */
  #collect(checked: CheckedStack, node: NodeId, copiedAt: number, pauseFlatOut: number): void {
    const tree = this.#tree;
    let { dueAt } = checked;
    this.#due.length = 0;
    this.outermostLate = noNode;
    let at = node;
    let known: NodeId = checked.version === tree.version ? checked.node : emptyNode;
    checked.version = tree.version;
    // Nodes are numbered after their parents.
    while (at !== known) {
      if (at > known) {
        const code = tree.codeOf(at);
        if (tree.isGone(at) || (code && code.since > copiedAt + mostLate)) this.outermostLate = at;
        else if (code) dueAt = Math.min(dueAt, this.#addDue(code, copiedAt, pauseFlatOut));
        at = tree.parentOf(at);
      } else known = tree.parentOf(known);
    }
    checked.dueAt = dueAt;
    if (copiedAt < dueAt) return;
    let next = Number.POSITIVE_INFINITY;
    let levels = 0;
    for (at = node; at > emptyNode; at = tree.parentOf(at), levels++) {
      const code = tree.codeOf(at);
      if (code) next = Math.min(next, this.#addDue(code, copiedAt, pauseFlatOut));
    }
    checked.dueAt = Math.max(next, copiedAt + levels * microsecondsPerLevel);
  }

  /** Adds code that is to be checked; returns when it is to be checked next. */
  #addDue(code: KnownCode, copiedAt: number, shortest: number): number {
    const pause = Math.max((code.checkedAt - code.since) / partOfAge, shortest);
    if (copiedAt - code.checkedAt < pause) return code.checkedAt + pause;
    if (code.checkedAt < copiedAt && !this.#due.includes(code)) this.#due.push(code);
    return copiedAt + pause;
  }

  /** Takes from `#due` what the tick's copy has. */
  #compareWithCopy(copy: Uint32Array, copiedAt: number, reused: KnownCode[]): void {
    for (const { code, offset } of this.#watched) {
      const at = code ? this.#due.indexOf(code) : -1;
      if (!code || at < 0) continue;
      this.#due.splice(at, 1);
      if (code.identity.matches(copy, offset >> 2)) code.checkedAt = copiedAt;
      else reused.push(code);
    }
  }

  /** Notes that code which was read only now lay there already when the tick's copy was made, if that has it. */
  #backdate(code: KnownCode, copy: Uint32Array, copiedAt: number): void {
    const watched = this.#watched.find(({ address }) => address === code.address);
    if (!watched?.code?.identity.readsAs(code.identity)) return;
    if (code.identity.matches(copy, watched.offset >> 2)) code.since = copiedAt;
  }

  /** Reads what is left in `#due`, all at once; what cannot be read was dropped. */
  #compareWithMemory(copiedAt: number, reused: KnownCode[]): void {
    const due = this.#due;
    for (let first = 0; first < due.length; ) {
      const { plan } = comparedCopy;
      plan.clear();
      for (let at = first; at < due.length; at++) this.#offsets[at] = due[at]!.identity.addTo(plan);
      const copied = comparedCopy.read(this.#memory);
      const { words } = comparedCopy;
      let at = first;
      for (; at < due.length && this.#offsets[at]! + due[at]!.identity.bytes <= copied; at++) {
        if (due[at]!.identity.matches(words, this.#offsets[at]! >> 2)) due[at]!.checkedAt = copiedAt;
        else reused.push(due[at]!);
      }
      if (at < due.length) reused.push(due[at]!);
      first = at + 1;
    }
  }

  #watch(address: number, time: number): void {
    const known = this.#watched.find((watched) => watched.address === address);
    this.changed = true;
    if (known) {
      known.reusedAt = time;
      return;
    }
    if (this.#watched.length >= mostWatched) {
      const oldest = this.#watched.reduce((a, b) => (b.reusedAt < a.reusedAt ? b : a));
      this.#watched = this.#watched.filter((watched) => watched !== oldest);
    }
    this.#watched.push({ address, reusedAt: time, code: undefined, offset: -1 });
  }
}
