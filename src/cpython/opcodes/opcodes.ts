import { type Opcodes, type OpcodeTable, opcodeTable } from '../calls/opcodes.js';
import { opcodes3_8 } from './python3_8.js';
import { opcodes3_9 } from './python3_9.js';
import { opcodes3_10 } from './python3_10.js';
import { opcodes3_11 } from './python3_11.js';
import { opcodes3_12 } from './python3_12.js';
import { opcodes3_13 } from './python3_13.js';
import { opcodes3_14 } from './python3_14.js';
import { opcodes3_15 } from './python3_15.js';

/** By minor version of CPython 3. */
const known = new Map<number, Opcodes>([
  [8, opcodes3_8],
  [9, opcodes3_9],
  [10, opcodes3_10],
  [11, opcodes3_11],
  [12, opcodes3_12],
  [13, opcodes3_13],
  [14, opcodes3_14],
  [15, opcodes3_15],
]);

const tables = new Map<number, OpcodeTable>();

export function opcodesOf(minor: number): OpcodeTable | undefined {
  const opcodes = known.get(minor);
  if (!opcodes) return undefined;
  const table = tables.get(minor) ?? opcodeTable(minor, opcodes);
  tables.set(minor, table);
  return table;
}
