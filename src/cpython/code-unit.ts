import type { Layout } from './layout.js';

/*
 * Where in its code a frame is. A frame says it as
 *
 *   up to 3.9    bytes from the first instruction (f_lasti)
 *   3.10         code units of two bytes from the first instruction (f_lasti)
 *   from 3.11    the address of the instruction (prev_instr, instr_ptr)
 *
 * -1 (up to 3.10), or an address before the first instruction, is a frame that has not begun.
 */

/**
 * Low half of the address of a code object's first instruction; up to 3.10, where no address is needed, that of the
 * object.
 */
export function firstInstructionOf(layout: Layout, code: number): number {
  return (code + Math.max(0, layout.code.instructions)) >>> 0;
}

/**
 * Bytes from the first instruction to the one that a frame is at, as line tables count them; negative before it.
 * `instruction`: as the frame has it, or the low half of that; `first`: as `firstInstructionOf` gives it.
 */
export function instructionOffset(minor: number, instruction: number, first: number): number {
  if (minor <= 9) return instruction | 0;
  if (minor === 10) return (instruction | 0) * 2;
  return (instruction - first) | 0;
}

/** The same in code units of two bytes; in Python 2, whose instructions begin at any byte, in bytes. */
export function codeUnit(minor: number, instruction: number, first: number): number {
  const offset = instructionOffset(minor, instruction, first);
  return minor < 0 ? offset : offset >> 1;
}

/**
 * What a frame has that is at the first instruction, which stands for the line of its function's definition; low
 * half.
 */
export function instructionAtStart(layout: Layout, code: number): number {
  return layout.minor <= 10 ? 0 : firstInstructionOf(layout, code);
}
