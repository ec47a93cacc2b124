import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';
import { decodeLines, type LineRanges } from './lines/decode-lines.js';
import { readBytes } from './objects/bytes.js';
import { typeName } from './objects/instances.js';
import { readString } from './objects/strings.js';

/** A code object, as far as a stack needs it. */
export interface CodeInfo {
  readonly name: string;
  /** `co_qualname` from 3.11 on, the name before. */
  readonly qualifiedName: string;
  readonly fileName: string;
  readonly firstLine: number;
  readonly lines: LineRanges;
  /** What it took of a `LineTableBudget`. */
  readonly lineTableBytes: number;
  /** How many bytes of instructions the object itself holds; 0 up to 3.10, where they are an object of their own. */
  readonly instructionBytes: number;
}

const longestName = 4096;
const longestFileName = 4096;
/** Line tables of generated modules reach hundreds of KiB; beyond this a function is shown without lines. */
const longestLineTable = 4 << 20;

/**
 * Bytes of line tables of the code that is known of a process that may still be decoded; functions that come later
 * are shown without lines. To decode a byte takes 50 ns and leaves up to 8 bytes, so this much is 2 s and 256 MB. The
 * 21,000 code objects of 3.12's standard library have 2 MB.
 */
export class LineTableBudget {
  left = 32 << 20;
}

/**
 * Reads the code object at `address`; `undefined` when what lies there is not one (the pointer came from a frame that
 * was changing, or the object is gone).
 */
export function readCode(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  lineTables = new LineTableBudget(),
): CodeInfo | undefined {
  if (!isPointer(address) || typeName(memory, layout, address) !== 'code') return undefined;
  const { code } = layout;
  const size = Math.max(code.name, code.qualifiedName, code.fileName, code.firstLine, code.lineTable) + 8;
  const bytes = memory.read(address, size);
  if (!bytes) return undefined;
  const header = new ByteReader(bytes);
  const name = readString(memory, layout, header.u64(code.name), longestName);
  const fileName = readString(memory, layout, header.u64(code.fileName), longestFileName);
  if (name === undefined || fileName === undefined) return undefined;
  const { qualifiedName: qualified } = code;
  const qualifiedName = qualified < 0 ? name : readString(memory, layout, header.u64(qualified), longestName);
  const longest = Math.min(longestLineTable, lineTables.left);
  const lineTable = readBytes(memory, layout, header.u64(code.lineTable), longest) ?? new Uint8Array(0);
  lineTables.left -= lineTable.length;
  const firstLine = header.i32(code.firstLine);
  return {
    name,
    qualifiedName: qualifiedName ?? name,
    fileName,
    firstLine: Math.max(0, firstLine),
    lines: decodeLines(layout.minor, firstLine, lineTable),
    lineTableBytes: lineTable.length,
    instructionBytes: code.unitCount < 0 ? 0 : header.u64(code.unitCount) * 2,
  };
}
