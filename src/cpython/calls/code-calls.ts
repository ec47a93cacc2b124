import { ByteReader } from '../../bytes/byte-reader.js';
import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { codeUnit, firstInstructionOf } from '../code-unit.js';
import type { Layout } from '../layout.js';
import { readBytes } from '../objects/bytes.js';
import { typeName } from '../objects/instances.js';
import { readString } from '../objects/strings.js';
import { opcodesOf } from '../versions.js';
import {
  beginOf,
  type CallKind,
  callableSource,
  callSiteAt,
  callsFromCaches,
  waysToCall,
} from './call-sites.js';
import { stackDepths } from './stack-depths.js';

/** Longer code is generated, and its calls stay without names. */
const longestCode = 1 << 20;
const longestTable = 1 << 20;
const mostLocals = 100_000;
const longestName = 200;

/** Where a frame keeps what it calls at one instruction. */
export interface FrameCall {
  readonly kind: CallKind;
  /** Bytes from the start of the frame. */
  readonly offset: number;
  /** When the slot is empty, the callable is in the next. */
  readonly orNext: boolean;
  /** Only a function of Python can be running: one of C is over by then. */
  readonly onlyPython: boolean;
  /** The name by which the callable was loaded, a global or an attribute; undefined when it came otherwise. */
  readonly name: string | undefined;
  readonly isGlobal: boolean;
  /**
   * Bytes from the start of the frame to the local variable that the callable came from; -1 when it came otherwise.
   */
  readonly local: number;
}

/** The calling instructions of one code object. */
export interface CodeCalls {
  /** `instruction`: as a frame has it, low 32 bits. */
  at(instruction: number): FrameCall | undefined;
  /** In which ways a function of Python may be called there: bits of `WayToCall`, undefined when that is not known. */
  waysToCall(instruction: number): number | undefined;
}

const noCalls: CodeCalls = { at: () => undefined, waysToCall: () => undefined };

/** The type of code objects of one process: to read what a type is called takes a tenth of what its bytecode does. */
export class CodeType {
  /** NaN, which equals nothing, while not known. */
  #address = Number.NaN;

  isOf(memory: TargetMemory, layout: Layout, address: number): boolean {
    const type = readPointer(memory, address + layout.object.type);
    if (type === this.#address) return true;
    if (typeName(memory, layout, address) !== 'code') return false;
    this.#address = type;
    return true;
  }
}

/**
 * Reads the bytecode of the code object at `address`, without calls where it cannot be followed; `undefined` when no
 * code object lies there. `type`: for those who read much of one process.
 */
export function readCodeCalls(
  memory: TargetMemory,
  layout: Layout,
  address: number,
  type = new CodeType(),
): CodeCalls | undefined {
  const table = opcodesOf(layout.minor);
  if (!isPointer(address) || !type.isOf(memory, layout, address)) return undefined;
  if (!table) return noCalls;
  const bytes = memory.read(address, Math.max(layout.code.flags, layout.code.localCount) + 4);
  if (!bytes) return undefined;
  const header = new ByteReader(bytes);
  const locals = localSlots(memory, layout, address, header.i32(layout.code.localCount));
  const code = readBytecode(memory, layout, address);
  if (!code || !(locals >= 0 && locals <= mostLocals)) return noCalls;
  const { exceptionTable: tableAt } = layout.code;
  const exceptionTable =
    tableAt < 0 ? undefined : readBytes(memory, layout, readPointer(memory, address + tableAt), longestTable);
  const depths = stackDepths(table, {
    code,
    flags: header.i32(layout.code.flags),
    exceptionTable: exceptionTable ?? new Uint8Array(0),
  });
  if (!depths) return noCalls;
  const stackStart = layout.frame.localsPlus + locals * 8;
  const first = firstInstructionOf(layout, address);
  return {
    waysToCall: (instruction) => waysToCall(table, code, depths, codeUnit(layout.minor, instruction, first)),
    at(instruction) {
      const at = codeUnit(layout.minor, instruction, first);
      const unit = callsFromCaches(table) ? beginOf(table, code, depths, at) : at;
      const site = callSiteAt(table, code, depths, unit);
      if (!site) return undefined;
      const source = callableSource(table, code, depths, unit, site);
      return {
        ...{
          kind: site.kind,
          offset: stackStart + site.slot * 8,
          orNext: site.orNext,
          onlyPython: unit < at,
        },
        name: source.name === undefined ? undefined : nameAt(memory, layout, address, source.name),
        isGlobal: source.isGlobal ?? false,
        local: source.local === undefined ? -1 : layout.frame.localsPlus + source.local * 8,
      };
    },
  };
}

function nameAt(memory: TargetMemory, layout: Layout, code: number, index: number): string | undefined {
  const names = readPointer(memory, code + layout.code.names);
  return readString(memory, layout, readPointer(memory, names + layout.tuple.items + index * 8), longestName);
}

/** Slots of a frame before its value stack. */
function localSlots(memory: TargetMemory, layout: Layout, address: number, count: number): number {
  const { cellNames, freeNames } = layout.code;
  if (cellNames < 0) return count;
  const length = (at: number) => readPointer(memory, readPointer(memory, address + at) + layout.tuple.size);
  return count + length(cellNames) + length(freeNames);
}

function readBytecode(memory: TargetMemory, layout: Layout, address: number): Uint8Array | undefined {
  const { bytecode, instructions, unitCount } = layout.code;
  if (bytecode >= 0) return readBytes(memory, layout, readPointer(memory, address + bytecode), longestCode);
  const units = readPointer(memory, address + unitCount);
  return units * 2 <= longestCode ? memory.read(address + instructions, units * 2) : undefined;
}
