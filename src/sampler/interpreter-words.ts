import type { Layout } from '../cpython/layout.js';
import { isPointer, pointerAt, readPointer } from '../memory/pointers.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';

/**
 * What each tick's copy says of an interpreter as a whole: which thread is its newest, who holds its GIL, and whether its collector runs.
 */
export class InterpreterWords {
  /** Where its GIL lies: a thread that waits at an address in here waits for it. */
  lockStart = 0;
  lockEnd = 0;
  /** In the tick's copy: the thread state that holds the GIL, 0 when none does, and whether the collector runs. */
  holder = 0;
  collecting = false;
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #runtime: number;
  readonly #address: number;
  /** The first thread state at the last look: when it changed, threads came or went. */
  readonly #head: number;
  // Where in the copy the words are, in bytes; -1: not there.
  #headAt = -1;
  #collectingAt = -1;
  #holderAt = -1;
  #lockedAt = -1;

  constructor(memory: TargetMemory, layout: Layout, runtime: number, address: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#runtime = runtime;
    this.#address = address;
    this.#head = readPointer(memory, address + layout.interpreter.threadsHead);
  }

  addTo(plan: ReadPlan): void {
    const { runtime, gil, gc, interpreter } = this.#layout;
    const collector = runtime.gc >= 0 ? this.#runtime + runtime.gc : this.#address + interpreter.gc;
    // An int, which may be the upper half of its word.
    const collecting = collector + gc.collecting;
    const words = [this.#address + interpreter.threadsHead, collecting - (collecting % 8)];
    const lock =
      runtime.gil >= 0
        ? this.#runtime + runtime.gil
        : readPointer(this.#memory, this.#address + interpreter.gil);
    const isKnown = isPointer(lock);
    this.lockStart = isKnown ? lock : 0;
    this.lockEnd = isKnown ? lock + gil.size : 0;
    const isOfRuntime = runtime.gilThreadState >= 0;
    if (isOfRuntime) words.push(this.#runtime + runtime.gilThreadState);
    else if (isKnown) words.push(lock + gil.lastHolder, lock + gil.locked - ((lock + gil.locked) % 8));
    const [headAt, collectingAt, holderAt, lockedAt] = plan.addWords(words);
    this.#headAt = headAt!;
    this.#collectingAt = collectingAt! + (collecting % 8);
    this.#holderAt = holderAt ?? -1;
    this.#lockedAt = lockedAt === undefined ? -1 : lockedAt + ((lock + gil.locked) % 8);
  }

  /** Takes over what a copy says; true when threads came or went since the words were made. */
  read(words: Uint32Array): boolean {
    this.collecting = words[this.#collectingAt >> 2] !== 0;
    const isLocked = this.#holderAt >= 0 && (this.#lockedAt < 0 || words[this.#lockedAt >> 2] === 1);
    this.holder = isLocked ? pointerAt(words, this.#holderAt) : 0;
    return pointerAt(words, this.#headAt) !== this.#head;
  }
}
