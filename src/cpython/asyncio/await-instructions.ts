import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { opcodesOf } from '../versions.js';

/**
 * Up to 3.12 a generator that waits for another, by `yield from` or `await`, and one that stands at its own `yield`
 * look alike. The instruction after the one that it stands at distinguishes them (CPython Objects/genobject.c
 * `_PyGen_yf`):
 *
 *   up to 3.10    YIELD_FROM
 *   3.11, 3.12    RESUME with an argument of 2 or 3
 *
 * Answers are kept for one reading of all tasks: many stand at the same place.
 */
export class AwaitInstructions {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #known = new Map<string, boolean>();

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** `instruction`: as the frame has it, of an address the low half. */
  isAtAwait(code: number, instruction: number): boolean {
    const key = `${code} ${instruction}`;
    let answer = this.#known.get(key);
    if (answer === undefined) {
      answer = this.#read(code, instruction);
      this.#known.set(key, answer);
    }
    return answer;
  }

  #read(code: number, instruction: number): boolean {
    const { minor, code: fields, bytes } = this.#layout;
    if (minor >= 11) {
      const first = code + fields.instructions;
      const offset = (instruction - (first % 0x1_0000_0000)) | 0;
      const next = offset >= 0 ? this.#memory.read(first + offset + 2, 2) : undefined;
      return next !== undefined && (next[1]! & 3) >= 2;
    }
    const bytecode = readPointer(this.#memory, code + fields.bytecode);
    const offset = minor === 10 ? (instruction + 1) * 2 : instruction + 2;
    const next = isPointer(bytecode) ? this.#memory.read(bytecode + bytes.data + offset, 1) : undefined;
    return next !== undefined && opcodesOf(minor)?.byCode[next[0]!]?.name === 'YIELD_FROM';
  }
}
