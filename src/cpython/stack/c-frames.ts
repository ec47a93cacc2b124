import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';

/**
 * Where 3.11 and 3.12 keep a thread's current frame: in a `_PyCFrame` on the stack of C, one for each run of the
 * evaluation loop, to which the thread state points (Include/cpython/pystate.h). The loop runs anew for each step of a
 * generator (3.11) and for what C functions call, at a few addresses that come again; so the few used last are all
 * read, and the pointer says which counts.
 */

/** Addresses remembered; each costs a read of 8 bytes before the frames and one after them. */
const mostRemembered = 4;

export class CFrames {
  readonly #pointer: number;
  readonly #currentFrame: number;
  #addresses: number[] = [];
  #usedAt: number[] = [];
  #uses = 0;
  /** Bytes into the copy: of the words of `#addresses`, then of the pointer. */
  readonly #offsets: { before: number[]; after: number[] } = { before: [], after: [] };
  /** Another address came into use, which the next plan must have. */
  changed = false;

  /** `pointer`: where the thread state points to the frame of C; `currentFrame`: the offset within it. */
  constructor(pointer: number, currentFrame: number) {
    this.#pointer = pointer;
    this.#currentFrame = currentFrame;
  }

  addTo(plan: ReadPlan, which: 'before' | 'after'): void {
    const offsets = this.#offsets[which];
    offsets.length = 0;
    for (const address of this.#addresses) offsets.push(plan.add(address + this.#currentFrame, 8));
    // Last, since calls write to the thread state: reading it would delay them, and the current frame be found waiting
    // there.
    offsets.push(plan.add(this.#pointer, 8));
    this.changed = false;
  }

  /** Address of the thread's current frame; 0 when it runs no Python, -1 when the copy does not have it. */
  currentFrame(words: Uint32Array, which: 'before' | 'after'): number {
    const offsets = this.#offsets[which];
    const address = pointerAt(words, offsets.at(-1)!);
    if (address === 0) return 0;
    const place = this.#addresses.indexOf(address);
    if (place < 0) this.#remember(address);
    else this.#usedAt[place] = ++this.#uses;
    // After a change the copy is still in the old order.
    return place < 0 || this.changed ? -1 : pointerAt(words, offsets[place]!);
  }

  /** The thread state points to this frame of C as it seems. */
  expect(address: number): void {
    if (!this.#addresses.includes(address)) this.#remember(address);
  }

  #remember(address: number): void {
    if (!isPointer(address)) return;
    let place = this.#addresses.length;
    if (place === mostRemembered) place = this.#usedAt.indexOf(Math.min(...this.#usedAt));
    this.#addresses[place] = address;
    this.#usedAt[place] = ++this.#uses;
    this.changed = true;
  }

  /** Forgets the frame of C whose word at `address` cannot be read any more. */
  drop(address: number): void {
    const keep = this.#addresses.map((known) => known + this.#currentFrame !== address);
    if (keep.every(Boolean)) return;
    this.#addresses = this.#addresses.filter((_, place) => keep[place]);
    this.#usedAt = this.#usedAt.filter((_, place) => keep[place]);
    this.changed = true;
  }
}
