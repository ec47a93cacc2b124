import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';

/**
 * A frame, as a copy of it has it. The one definition for `dump`, which reads a stack once, and `record`, which
 * predicts where it lies.
 *
 *   code          the code object that runs; bits at its end are marks (from 3.14)
 *   instruction   where in it: see `code-unit.ts`
 *   link          the caller's frame, 0 at the outermost; cut when a frame is left (up to 3.10)
 *   owner         from 3.12 a *shim*, a frame without code, stands where C called back into Python
 *   is entry      in 3.11 a mark says the same
 *
 * All offsets are words of four bytes from a word at which the frame begins in the copy. Source:
 * Include/internal/pycore_frame.h of 3.11 to 3.15, Include/cpython/frameobject.h before.
 */
export class FrameFormat {
  /** How much of a frame is read: up to the last of its fields. */
  readonly bytes: number;
  readonly #link: number;
  readonly #code: number;
  readonly #instruction: number;
  readonly #owner: number;
  readonly #ownerShift: number;
  readonly #shim: number;
  readonly #entry: number;
  readonly #entryShift: number;

  constructor({ frame, ownerShim }: Layout) {
    const last = Math.max(frame.previous, frame.code, frame.instruction, frame.owner, frame.isEntry);
    this.bytes = (last & ~7) + 8;
    this.#link = frame.previous >> 2;
    this.#code = frame.code >> 2;
    this.#instruction = frame.instruction >> 2;
    this.#owner = frame.owner >> 2;
    this.#ownerShift = (frame.owner & 3) * 8;
    this.#shim = ownerShim;
    this.#entry = frame.isEntry >> 2;
    this.#entryShift = (frame.isEntry & 3) * 8;
  }

  isShim(words: Uint32Array, at: number): boolean {
    return this.#shim >= 0 && ((words[at + this.#owner]! >>> this.#ownerShift) & 0xff) >= this.#shim;
  }

  /** C called it, as far as the frame itself says. */
  isEntry(words: Uint32Array, at: number): boolean {
    return this.#entry >= 0 && ((words[at + this.#entry]! >>> this.#entryShift) & 0xff) !== 0;
  }

  codeLow(words: Uint32Array, at: number): number {
    return (words[at + this.#code]! & ~7) >>> 0;
  }

  codeHigh(words: Uint32Array, at: number): number {
    return words[at + this.#code + 1]!;
  }

  code(words: Uint32Array, at: number): number {
    return this.codeHigh(words, at) * 0x1_0000_0000 + this.codeLow(words, at);
  }

  /** Of an address the low half. */
  instruction(words: Uint32Array, at: number): number {
    return words[at + this.#instruction]!;
  }

  link(words: Uint32Array, at: number): number {
    return words[at + this.#link + 1]! * 0x1_0000_0000 + words[at + this.#link]!;
  }
}

/** A thread's current frame at this moment, 0 when it runs no Python; NaN when it cannot be read. */
export function readCurrentFrame(memory: TargetMemory, layout: Layout, threadState: number): number {
  const pointer = readPointer(memory, threadState + layout.threadState.frame);
  // In 3.11 and 3.12 it points to a frame of C, which points to the frame (`CFrames`).
  if (layout.cFrame.currentFrame < 0 || pointer === 0 || !isPointer(pointer)) return pointer;
  return readPointer(memory, pointer + layout.cFrame.currentFrame);
}
