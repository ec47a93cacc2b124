import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { Layout } from '../layout.js';
import type { AsyncioLayout } from './asyncio-layout.js';

/** What a coroutine, generator or async generator does. */
export type GeneratorState = 'new' | 'running' | 'awaiting' | 'at-yield-or-await' | 'at-yield' | 'finished';

export interface SuspendedFrame {
  readonly state: GeneratorState;
  readonly frame: number;
  readonly code: number;
  /** As the frame has it, of an address the low half. */
  readonly instruction: number;
  /** Where the pointer to what it awaits is; 0: nowhere. */
  readonly slot: number;
}

/** A value stack with as many items, or further away from its frame than as many bytes, is none. */
const mostItems = 1 << 16;

/**
 * Reads frames of coroutines out of copies of them: up to 3.10 objects of their own, from 3.11 within the coroutine.
 */
export class FrameFields {
  /** Bytes of a coroutine that are read at first: with a few variables. */
  readonly objectBytes: number;
  /** The same of a frame object (up to 3.10). */
  readonly frameBytes: number;
  /** Byte of a frame before which everything lies that says where it is. */
  readonly fieldsEnd: number;
  /** Byte of four that say whether it runs: up to 3.10 of the frame, from 3.11 of the coroutine. */
  readonly stateWord: number;
  /** Byte of objects at which their type is. */
  readonly type: number;
  /** From 3.11, of a coroutine: the bytes at which its frame is, after the pointer to the code, and of its state. */
  readonly embeddedAt: number;
  readonly codeEnd: number;
  readonly state: number;
  /** The bytes of words that say where it is: code, instruction and depth of the value stack. */
  readonly deciding: readonly number[];
  /** From 3.14: the byte at which the address of the end of its value stack is; -1: none. */
  readonly stackEnd: number;
  readonly #layout: Layout;
  readonly #asyncio: AsyncioLayout;

  constructor(layout: Layout, asyncio: AsyncioLayout) {
    this.#layout = layout;
    this.#asyncio = asyncio;
    const { frame, embedded } = asyncio.generator;
    const withVariables = layout.frame.localsPlus + 8 * usualVariables;
    this.objectBytes = embedded < 0 ? frame + 8 : embedded + withVariables;
    this.frameBytes = withVariables;
    const { stackEnd, stackBase, stackDepth, state } = asyncio.generator;
    this.stateWord = embedded >= 0 ? state & ~3 : stackEnd >= 0 ? stackEnd : stackDepth;
    const { code, instruction } = layout.frame;
    this.fieldsEnd = (Math.max(code, instruction, stackEnd, stackBase, stackDepth) & ~7) + 8;
    this.type = layout.object.type;
    this.embeddedAt = embedded;
    this.codeEnd = embedded + code + 8;
    this.stackEnd = stackEnd < 0 ? -1 : embedded + stackEnd;
    const ofFrame = [code, code + 4, instruction, ...(stackDepth < 0 ? [] : [stackDepth])];
    this.deciding = ofFrame.map((offset) => embedded + offset);
    this.state = state;
  }

  /** Up to 3.10: address of the frame of the coroutine at byte `at` of `words`, 0 when it is finished. */
  frameOf(words: Uint32Array, at: number): number {
    return pointerAt(words, at + this.#asyncio.generator.frame);
  }

  /** From 3.11: of the coroutine at `address`, which is at byte `at` of `words`. */
  embedded(address: number, words: Uint32Array, at: number): SuspendedFrame | undefined {
    const { generator } = this.#asyncio;
    const begin = at + generator.embedded;
    const state = byteAt(words, at + generator.state);
    const frame = address + generator.embedded;
    if (state === generator.created) return this.#frame('new', frame, words, begin);
    if (state === generator.executing) return this.#frame('running', frame, words, begin);
    if (state === generator.awaiting) {
      const slot = this.#embeddedSlot(frame, words, begin);
      // Up to 3.12 one value for both.
      const atAwait = generator.suspended === state ? 'at-yield-or-await' : 'awaiting';
      return this.#frame(atAwait, frame, words, begin, slot);
    }
    return this.#frame(state === generator.suspended ? 'at-yield' : 'finished', frame, words, begin);
  }

  /** Up to 3.10: the frame at `frame`, which is at byte `at` of `words`. */
  separate(frame: number, words: Uint32Array, at: number): SuspendedFrame | undefined {
    const { generator } = this.#asyncio;
    if ((words[(at + this.#layout.frame.instruction) >> 2]! | 0) === -1)
      return this.#frame('new', frame, words, at);
    if (generator.stackEnd >= 0) {
      const end = pointerAt(words, at + generator.stackEnd);
      if (end === 0) return this.#frame('running', frame, words, at);
      return this.#frame('at-yield-or-await', frame, words, at, this.#checked(frame, end - 8));
    }
    const depth = words[(at + generator.stackDepth) >> 2]! | 0;
    if (depth < 0) return this.#frame('running', frame, words, at);
    const base = pointerAt(words, at + generator.stackBase);
    const slot = depth > 0 && depth < mostItems ? this.#checked(frame, base + (depth - 1) * 8) : 0;
    return this.#frame('at-yield-or-await', frame, words, at, slot);
  }

  #frame(
    state: GeneratorState,
    frame: number,
    words: Uint32Array,
    at: number,
    slot = 0,
  ): SuspendedFrame | undefined {
    const fields = this.#layout.frame;
    const code = untagged(pointerAt(words, at + fields.code));
    if (!isPointer(code)) return undefined;
    return { state, frame, code, instruction: words[(at + fields.instruction) >> 2]!, slot };
  }

  #embeddedSlot(frame: number, words: Uint32Array, at: number): number {
    const { generator } = this.#asyncio;
    if (generator.stackEnd >= 0)
      return this.#checked(frame, pointerAt(words, at + generator.stackEnd) - generator.awaitedBelowEnd);
    const depth = words[(at + generator.stackDepth) >> 2]! | 0;
    const last = this.#layout.frame.localsPlus + (depth - 1) * 8;
    return depth > 0 && depth < mostItems ? this.#checked(frame, frame + last) : 0;
  }

  #checked(frame: number, slot: number): number {
    const distance = slot - frame;
    const isIn = distance >= this.#layout.frame.localsPlus && distance < mostItems * 8 && slot % 8 === 0;
    return isIn ? slot : 0;
  }
}

/** The byte at `offset` of a copy. */
export function byteAt(words: Uint32Array, offset: number): number {
  return (words[offset >> 2]! >>> ((offset & 3) * 8)) & 255;
}

/** Variables and items of the value stack that are copied with a frame; a coroutine with more takes another read. */
const usualVariables = 8;

/** From 3.14 the lowest bits of references in frames are marks. */
export function untagged(pointer: number): number {
  return pointer - (pointer % 8);
}
