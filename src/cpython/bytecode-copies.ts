import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { CodeInfo } from './code-reader.js';
import { firstInstructionOf } from './code-unit.js';
import type { Layout } from './layout.js';
import { lineAt } from './lines/decode-lines.js';

/**
 * In a free-threaded build from 3.14 on each thread specializes a copy of the bytecode of its own, and its frames point
 * into that. The copies are as long as the bytecode of the code object, which is the first of them (`_PyCodeArray`,
 * CPython Include/cpython/code.h):
 *
 *   code object ── co_tlbc ─► count │ pointer to copy 0 │ pointer to copy 1 │ …
 *
 * Line tables, and all that is known of an instruction, are of the code object's own. So an instruction of a copy is
 * taken for the one at the same place there. All addresses of instructions are low halves.
 */
interface Copy {
  readonly start: number;
  readonly bytes: number;
  readonly code: number;
}

/** As many threads as are read of one interpreter. */
const mostCopies = 20_000;
/** Copies that are remembered, of all code objects. */
const mostRemembered = 200_000;

export function hasBytecodeCopies({ freeThreading }: Layout): boolean {
  return freeThreading !== undefined && freeThreading.bytecodeCopies >= 0;
}

/**
 * Line of the instruction at `offset` bytes of a code object; the function's first, as without a line table, when that
 * is not within it: then it was in a copy that could not be read, or was of another moment.
 */
export function lineWithin(layout: Layout, code: CodeInfo, offset: number): number {
  if (hasBytecodeCopies(layout) && offset >>> 0 >= code.instructionBytes) return code.firstLine;
  return lineAt(code.lines, offset);
}

/** The copy that an instruction of a code object is in; `undefined` when that is the object itself, or none. */
function copyWith(memory: TargetMemory, layout: Layout, code: number, instruction: number): Copy | undefined {
  const at = layout.freeThreading?.bytecodeCopies ?? -1;
  if (at < 0 || !isPointer(code)) return undefined;
  const bytes = readPointer(memory, code + layout.code.unitCount) * 2;
  if (!(bytes > 0) || (instruction - firstInstructionOf(layout, code)) >>> 0 < bytes) return undefined;
  const table = readPointer(memory, code + at);
  const count = isPointer(table) ? readPointer(memory, table) : 0;
  const entries = count > 0 && count <= mostCopies ? memory.read(table + 8, count * 8) : undefined;
  const fields = entries && new ByteReader(entries);
  for (let entry = 0; fields && entry < count; entry++) {
    const start = fields.u32(entry * 8);
    const isThere = isPointer(fields.u64(entry * 8));
    if (isThere && (instruction - start) >>> 0 < bytes) return { start, bytes, code };
  }
  return undefined;
}

/** The same instruction in the code object itself; `instruction` as it is when it is in no copy, too. */
export function mainInstruction(
  memory: TargetMemory,
  layout: Layout,
  code: number,
  instruction: number,
): number {
  const copy = copyWith(memory, layout, code, instruction);
  return copy ? inMain(layout, copy, instruction) : instruction;
}

function inMain(layout: Layout, { start, code }: Copy, instruction: number): number {
  return (firstInstructionOf(layout, code) + (instruction - start)) >>> 0;
}

/** The copies that were met of one process. */
export class BytecodeCopies {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  /** By their start; none overlap. */
  #copies: Copy[] = [];

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  /** As the function above. */
  mainInstruction(code: number, instruction: number): number {
    const copy = copyWith(this.#memory, this.#layout, code, instruction);
    if (!copy) return instruction;
    this.#remember(copy);
    return inMain(this.#layout, copy, instruction);
  }

  /**
   * Address of the code object that an instruction of a known copy belongs to; 0: of none. A frame that was left has
   * only its instruction.
   */
  codeHolding(instruction: number): number {
    const copy = this.#copies[this.#after(instruction) - 1];
    return copy !== undefined && instruction < copy.start + copy.bytes ? copy.code : 0;
  }

  /** The code object at an address is another one from now on. */
  forget(code: number): void {
    if (this.#copies.some((copy) => copy.code === code))
      this.#copies = this.#copies.filter((copy) => copy.code !== code);
  }

  clear(): void {
    this.#copies.length = 0;
  }

  /** Index of the first copy that begins after `instruction`. */
  #after(instruction: number): number {
    let low = 0;
    let high = this.#copies.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#copies[middle]!.start <= instruction) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What it overlaps with was freed. */
  #remember(copy: Copy): void {
    if (this.#copies.length >= mostRemembered) this.clear();
    const after = this.#after(copy.start);
    let first = after;
    while (first > 0 && this.#copies[first - 1]!.start + this.#copies[first - 1]!.bytes > copy.start) first--;
    let last = after;
    while (last < this.#copies.length && this.#copies[last]!.start < copy.start + copy.bytes) last++;
    this.#copies.splice(first, last - first, copy);
  }
}
