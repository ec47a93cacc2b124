import type { OpcodeTable } from './opcodes.js';

/*
 * Bytecode by units (`codeUnit`):
 *
 *   2.7        an instruction is a byte, and two bytes of its argument, the low one first, from number 90 on; a unit is
 *              a byte
 *   from 3.6   an instruction is two bytes, number and argument, and behind them inline caches; a unit is two bytes
 *
 * EXTENDED_ARG in front of an instruction has the bits of its argument above those.
 */

/** Include/opcode.h of 2.7: HAVE_ARGUMENT. */
const firstWithArgument = 90;

export function unitsIn({ minor }: OpcodeTable, code: Uint8Array): number {
  return minor < 0 ? code.length : code.length >> 1;
}

/** The number of the instruction at a unit, if one begins there. */
export function opcodeAt({ minor }: OpcodeTable, code: Uint8Array, unit: number): number {
  return code[minor < 0 ? unit : unit * 2] ?? 0;
}

/** The argument of the instruction at a unit without what stands before it. */
export function shortArgument({ minor }: OpcodeTable, code: Uint8Array, unit: number): number {
  if (minor >= 0) return code[unit * 2 + 1] ?? 0;
  return code[unit]! < firstWithArgument ? 0 : (code[unit + 1] ?? 0) | ((code[unit + 2] ?? 0) << 8);
}

/** Bits of an argument that an instruction has by itself. */
export function argumentBits({ minor }: OpcodeTable): number {
  return minor < 0 ? 16 : 8;
}

/** Units from an instruction to the next. */
export function unitsOf(table: OpcodeTable, code: Uint8Array, unit: number): number {
  const opcode = opcodeAt(table, code, unit);
  if (table.minor < 0) return opcode < firstWithArgument ? 1 : 3;
  return 1 + (table.byCode[opcode]?.caches ?? 0);
}

/** Units of an EXTENDED_ARG. */
export function prefixUnits({ minor }: OpcodeTable): number {
  return minor < 0 ? 3 : 1;
}

/**
 * Python 2: what a call takes off the stack, from its argument: values, pairs of name and value, and from its name, `*`
 * and `**`.
 */
export function argumentsOfPython2(name: string, argument: number): number {
  const more = (name.includes('_VAR') ? 1 : 0) + (name.includes('_KW') ? 1 : 0);
  return (argument & 0xff) + 2 * (argument >> 8) + more;
}
