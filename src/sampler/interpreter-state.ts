import { gilAddress } from '../cpython/gil.js';
import type { Layout } from '../cpython/layout.js';
import { pointerAt, readPointer } from '../memory/pointers.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';

/** The thread state that an interpreter lists first. */
export function firstThread(memory: TargetMemory, layout: Layout, interpreter: number): number {
  return readPointer(memory, interpreter + layout.interpreter.threadsHead);
}

/**
 * The interpreter-wide state in each tick's copy: newest thread, GIL holder, GC running.
 */
export class InterpreterState {
  /** Where its GIL lies: a thread that waits at an address in here waits for it. */
  lockStart = 0;
  lockEnd = 0;
  /** In the tick's copy: the thread state that holds the GIL, 0 when none does, and whether the collector runs. */
  holder = 0;
  collecting = false;
  /** The same: whether there is a GIL, which a free-threaded build has only at times. */
  hasGil = true;
  /** The thread state that took the GIL last: no other can have run Python since, unless it was `handedOn`. */
  lastHolder = 0;
  /** Whether another thread took the GIL between the copy before and this one, or that is not known. */
  handedOn = true;
  /** Whether threads came or went since this was made. */
  headMoved = false;
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #runtime: number;
  readonly #address: number;
  /** The first thread state at the last look: when it changed, threads came or went. */
  readonly head: number;
  // Byte offsets in the copy; -1: not there.
  #headAt = -1;
  #collectingAt = -1;
  #holderAt = -1;
  #lastHolderAt = -1;
  #lockedAt = -1;
  #switchesAt = -1;
  /** Of a free-threaded build: whether there is a GIL after all. */
  #enabledAt = -1;
  #switches = Number.NaN;

  constructor(memory: TargetMemory, layout: Layout, runtime: number, address: number) {
    this.#memory = memory;
    this.#layout = layout;
    this.#runtime = runtime;
    this.#address = address;
    this.head = firstThread(memory, layout, address);
  }

  addTo(plan: ReadPlan): void {
    const { runtime, gil, gc, interpreter } = this.#layout;
    const collector = runtime.gc >= 0 ? this.#runtime + runtime.gc : this.#address + interpreter.gc;
    const knowsCollector = runtime.gc >= 0 || interpreter.gc >= 0;
    const lock = gilAddress(this.#memory, this.#layout, this.#runtime, this.#address);
    this.lockStart = lock;
    this.lockEnd = lock === 0 ? 0 : lock + gil.size;
    const addresses: number[] = [];
    // An int may be the upper half of its word.
    const index = (address: number) => addresses.push(address - (address % 8)) - 1;
    const head = index(this.#address + interpreter.threadsHead);
    const collecting = knowsCollector ? index(collector + gc.collecting) : -1;
    const holder = runtime.gilThreadState >= 0 ? index(this.#runtime + runtime.gilThreadState) : -1;
    const [last, locked, switches] =
      lock === 0
        ? [-1, -1, -1]
        : [gil.lastHolder, gil.locked, gil.switches].map((word) => (word < 0 ? -1 : index(lock + word)));
    const enabledIn = lock === 0 ? -1 : (this.#layout.freeThreading?.gilEnabled ?? -1);
    const enabled = enabledIn < 0 ? -1 : index(lock + enabledIn);
    const offsets = plan.addWords(addresses);
    this.#headAt = offsets[head]!;
    this.#collectingAt = knowsCollector ? offsets[collecting]! + ((collector + gc.collecting) % 8) : -1;
    this.#holderAt = offsets[holder] ?? -1;
    this.#lastHolderAt = offsets[last!] ?? -1;
    this.#lockedAt = gil.locked < 0 || lock === 0 ? -1 : offsets[locked!]! + ((lock + gil.locked) % 8);
    this.#switchesAt = offsets[switches!] ?? -1;
    this.#enabledAt = enabled < 0 ? -1 : offsets[enabled]! + ((lock + enabledIn) % 8);
  }

  /** Takes over what a copy says. */
  read(words: Uint32Array): void {
    this.headMoved = pointerAt(words, this.#headAt) !== this.head;
    this.collecting = this.#collectingAt >= 0 && words[this.#collectingAt >> 2] !== 0;
    const lastHolder = this.#lastHolderAt < 0 ? 0 : pointerAt(words, this.#lastHolderAt);
    const switches = this.#switchesAt < 0 ? Number.NaN : words[this.#switchesAt >> 2]!;
    this.handedOn = switches !== this.#switches || lastHolder !== this.lastHolder;
    this.#switches = switches;
    this.lastHolder = lastHolder;
    this.hasGil = this.#enabledAt < 0 || words[this.#enabledAt >> 2] !== 0;
    if (!this.hasGil) {
      this.holder = 0;
      this.handedOn = true;
    } else if (this.#holderAt >= 0) this.holder = pointerAt(words, this.#holderAt);
    else this.holder = this.#lockedAt >= 0 && words[this.#lockedAt >> 2] === 1 ? lastHolder : 0;
  }
}
