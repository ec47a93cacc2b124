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
  /** How many bytes of instructions the object itself holds; 0 up to 3.10, where they are an object of their own. */
  readonly instructionBytes: number;
  /** The pointers by which a later look tells whether the same code object still lies at the address. */
  readonly guard: CodeGuard;
}

/** Fields that differ between any two code objects that are alive, and never change while one lives. */
export interface CodeGuard {
  readonly name: number;
  readonly fileName: number;
  readonly firstLine: number;
  readonly lineTable: number;
}

const longestName = 4096;
const longestFileName = 4096;
/** Line tables of generated modules reach hundreds of KiB; beyond this a function is shown without lines. */
const longestLineTable = 4 << 20;

/** Bytes of a code object that hold all fields read here. */
export function codeHeaderSize(layout: Layout): number {
  const { code } = layout;
  return Math.max(code.name, code.qualifiedName, code.fileName, code.firstLine, code.lineTable) + 8;
}

export function readGuard(layout: Layout, header: ByteReader): CodeGuard {
  const { code } = layout;
  return {
    name: header.u64(code.name),
    fileName: header.u64(code.fileName),
    firstLine: header.i32(code.firstLine),
    lineTable: header.u64(code.lineTable),
  };
}

export function sameGuard(a: CodeGuard, b: CodeGuard): boolean {
  return (
    a.name === b.name &&
    a.fileName === b.fileName &&
    a.firstLine === b.firstLine &&
    a.lineTable === b.lineTable
  );
}

/**
 * Reads the code object at `address`; `undefined` when what lies there is not one (the pointer came from a frame that
 * was changing, or the object is gone).
 */
export function readCode(memory: TargetMemory, layout: Layout, address: number): CodeInfo | undefined {
  if (!isPointer(address) || typeName(memory, layout, address) !== 'code') return undefined;
  const bytes = memory.read(address, codeHeaderSize(layout));
  if (!bytes) return undefined;
  const header = new ByteReader(bytes);
  const guard = readGuard(layout, header);
  const name = readString(memory, layout, guard.name, longestName);
  const fileName = readString(memory, layout, guard.fileName, longestFileName);
  if (name === undefined || fileName === undefined) return undefined;
  const qualified = layout.code.qualifiedName;
  const qualifiedName = qualified < 0 ? name : readString(memory, layout, header.u64(qualified), longestName);
  const lineTable = readBytes(memory, layout, guard.lineTable, longestLineTable) ?? new Uint8Array(0);
  return {
    name,
    qualifiedName: qualifiedName ?? name,
    fileName,
    firstLine: Math.max(0, guard.firstLine),
    lines: decodeLines(layout.minor, guard.firstLine, lineTable),
    instructionBytes: layout.code.unitCount < 0 ? 0 : header.u64(layout.code.unitCount) * 2,
    guard,
  };
}
