import { ByteReader } from '../bytes/byte-reader.js';
import { decodeUnknown } from '../bytes/text.js';
import { KnownBytes, type KnownPart } from '../memory/known-bytes.js';
import { isPointer } from '../memory/pointers.js';
import { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { type CodeInfo, LineTableBudget, readCode } from './code-reader.js';
import type { Layout } from './layout.js';
import { decodeLines } from './lines/decode-lines.js';
import { typeName } from './objects/instances.js';
import { asciiLength, asciiStart } from './objects/strings.js';

/**
 * Bytes of strings and line tables that are copied along with the object; when one is longer, all is read step by
 * step.
 */
const textBytes = 160;
const lineBytes = 512;
/**
 * Bytes of strings and line tables that belong to an identity: with the length they distinguish nearly all of them.
 */
const comparedBytes = 64;
/** `co_version` lies so many bytes after `co_firstlineno`, from 3.12 on. CPython Include/cpython/code.h. */
const versionAfterFirstLine = 24;

export interface IdentifiedCode {
  readonly info: CodeInfo;
  /**
   * What distinguishes the object from every other one for which its address may be reused:
   *
   *   from 3.12   its own fields from `co_argcount` to `co_linetable`; among them is `co_version`, which no two code
   *               objects of an interpreter share
   *   up to 3.11  the same fields, and of the strings and the line table that they point to length and first bytes: a
   *               program that makes one function after another gets the same addresses for all of them, in turn
   */
  readonly identity: KnownBytes;
  /** When it was there, by the clock given. */
  readonly seenAt: number;
}

/**
 * Reads code objects that may be dropped, and others made at their addresses, while they are read.
 *
 *   copy 1   the object
 *   copy 2   what its fields point to, then the object once more
 *
 * When the object is the same in both and alive in the second, what lies between belonged to it.
 */
export class CodeObjects {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #fieldsStart: number;
  readonly #fieldsEnd: number;
  /** Offsets of the fields that point to strings. */
  readonly #textFields: readonly number[];
  readonly #plan = new ReadPlan();
  readonly #first: Uint8Array;
  readonly #second: Uint8Array;
  readonly #firstFields: ByteReader;
  readonly #secondFields: ByteReader;
  /** The type of code objects; NaN, which equals nothing, while not known. */
  #type = Number.NaN;
  /** Where in the second copy the strings, the line table and the object begin. */
  readonly #textAt: number[] = [];
  #linesAt = 0;
  readonly #lineTables = new LineTableBudget();
  #objectAt = 0;

  readonly #clock: () => number;

  constructor(memory: TargetMemory, layout: Layout, clock: () => number) {
    const { code } = layout;
    this.#clock = clock;
    this.#memory = memory;
    this.#layout = layout;
    this.#fieldsStart = code.argCount & ~7;
    this.#fieldsEnd = code.lineTable + 8;
    this.#textFields = [code.name, code.fileName, code.qualifiedName].filter((at) => at >= 0);
    this.#first = new Uint8Array(this.#fieldsEnd);
    this.#second = new Uint8Array(this.#textFields.length * textBytes + lineBytes + this.#fieldsEnd);
    this.#firstFields = new ByteReader(this.#first);
    this.#secondFields = new ByteReader(this.#second);
  }

  /** What was read of a code object is not kept any more. */
  forget({ lineTableBytes }: CodeInfo): void {
    this.#lineTables.left += lineTableBytes;
  }

  /** The code object at `address`; `undefined` when there is none, or it is gone before all was read. */
  read(address: number): IdentifiedCode | undefined {
    if (!isPointer(address)) return undefined;
    this.#plan.clear();
    this.#plan.add(address, this.#fieldsEnd);
    if (this.#memory.readMany(this.#plan, this.#first) < this.#fieldsEnd) return undefined;
    const type = this.#firstFields.u64(this.#layout.object.type);
    if (type !== this.#type) {
      if (typeName(this.#memory, this.#layout, address) !== 'code') return undefined;
      this.#type = type;
    }
    if (!this.#copyWhatItPointsTo(address)) return this.#readStepByStep(address);
    const seenAt = this.#clock();
    if (!this.#isStill()) return undefined;
    const info = this.#infoOfCopies();
    return info ? { info, identity: this.#identity(address), seenAt } : this.#readStepByStep(address);
  }

  /** False when that cannot be read in one go: a string may lie where memory ends. */
  #copyWhatItPointsTo(address: number): boolean {
    const fields = this.#firstFields;
    this.#plan.clear();
    this.#textAt.length = 0;
    for (const field of this.#textFields) this.#textAt.push(this.#plan.add(fields.u64(field), textBytes));
    this.#linesAt = this.#plan.add(fields.u64(this.#layout.code.lineTable), lineBytes);
    this.#objectAt = this.#plan.add(address, this.#fieldsEnd);
    return this.#memory.readMany(this.#plan, this.#second) === this.#plan.bytes;
  }

  /**
   * Whether the object is the same in both copies, and alive: what is freed has a pointer, or nothing, where its
   * references were counted.
   */
  #isStill(): boolean {
    const at = this.#objectAt;
    if (!this.#isAlive(at)) return false;
    if (this.#secondFields.u64(at + this.#layout.object.type) !== this.#type) return false;
    for (let byte = this.#fieldsStart; byte < this.#fieldsEnd; byte++)
      if (this.#first[byte] !== this.#second[at + byte]) return false;
    return true;
  }

  #isAlive(at: number): boolean {
    const { freeThreading } = this.#layout;
    const low = this.#secondFields.u32(at);
    const high = this.#secondFields.u32(at + 4);
    if (!freeThreading) return low !== 0 && (high === 0 || high >= 0x1_0000);
    if (this.#secondFields.u32(at + freeThreading.localReferences) !== 0) return true;
    // The two lowest bits are flags; negative counts are those that the owner has more.
    const shared = at + freeThreading.sharedReferences;
    return (this.#secondFields.u32(shared + 4) | 0) > 0 || this.#secondFields.u32(shared) >>> 2 !== 0;
  }

  /** `undefined` when something is longer than what was copied. */
  #infoOfCopies(): CodeInfo | undefined {
    const { code, bytes, minor } = this.#layout;
    const fields = this.#firstFields;
    const size = this.#secondFields.u64(this.#linesAt + bytes.size);
    if (!(size <= lineBytes - bytes.data)) return undefined;
    const start = this.#linesAt + bytes.data;
    const [name, fileName, qualifiedName] = this.#textAt.map((at) => this.#textIn(at));
    if (name === undefined || fileName === undefined) return undefined;
    if (code.qualifiedName >= 0 && qualifiedName === undefined) return undefined;
    const firstLine = fields.i32(code.firstLine);
    return {
      name,
      qualifiedName: qualifiedName ?? name,
      fileName,
      firstLine: Math.max(0, firstLine),
      lines: decodeLines(minor, firstLine, this.#second.slice(start, start + size)),
      lineTableBytes: 0,
      instructionBytes: code.unitCount < 0 ? 0 : fields.u64(code.unitCount) * 2,
    };
  }

  #textIn(at: number): string | undefined {
    const length = asciiLength(this.#layout, this.#secondFields, at);
    const first = asciiStart(this.#layout);
    if (!(length >= 0 && length <= textBytes - first)) return undefined;
    const start = at + first;
    return decodeUnknown(this.#second.subarray(start, start + length));
  }

  /** For what is long, or in other characters: some 20 reads. The object is copied once more after them. */
  #readStepByStep(address: number): IdentifiedCode | undefined {
    const info = readCode(this.#memory, this.#layout, address, this.#lineTables);
    if (!info) return undefined;
    if (!this.#copyWhatItPointsTo(address)) {
      this.#plan.clear();
      this.#textAt.length = 0;
      this.#linesAt = -1;
      this.#objectAt = this.#plan.add(address, this.#fieldsEnd);
      if (this.#memory.readMany(this.#plan, this.#second) < this.#fieldsEnd) return undefined;
    }
    const seenAt = this.#clock();
    return this.#isStill() ? { info, identity: this.#identity(address), seenAt } : undefined;
  }

  /** By the second copy. */
  #identity(address: number): KnownBytes {
    const { unicode, bytes, code, minor } = this.#layout;
    const parts = [this.#part(address, this.#objectAt, this.#fieldsStart, this.#fieldsEnd)];
    const version = minor < 12 ? 0 : this.#firstFields.u32(code.firstLine + versionAfterFirstLine);
    if (version === 0) {
      for (const [index, at] of this.#textAt.entries()) {
        const isAscii = asciiLength(this.#layout, this.#secondFields, at) >= 0;
        const start = isAscii ? asciiStart(this.#layout) : unicode.compactSize;
        const text = this.#firstFields.u64(this.#textFields[index]!);
        parts.push(this.#sizedPart(text, at, unicode.length, start));
      }
      const lines = this.#firstFields.u64(code.lineTable);
      if (this.#linesAt >= 0) parts.push(this.#sizedPart(lines, this.#linesAt, bytes.size, bytes.data));
    }
    return KnownBytes.of(parts);
  }

  /** Of the object at `address`, which begins at `at` in the second copy, the bytes from `start` to `end`. */
  #part(address: number, at: number, start: number, end: number): KnownPart {
    return {
      address: address + start,
      bytes: this.#second.slice(at + start, at + end),
      ignoredFrom: 0,
      ignoredTo: 0,
    };
  }

  /** The number of items, at `size`, and the first items, which begin at `start`; what lies between may change. */
  #sizedPart(address: number, at: number, size: number, start: number): KnownPart {
    const count = this.#secondFields.u64(at + size);
    // Whole words, none of them beyond the object: in Python 2 they begin in the middle of one of 8 bytes.
    const word = start % 8 === 0 ? 8 : 4;
    const compared = count >= 0 ? Math.min(comparedBytes, Math.ceil(count / word) * word) : 0;
    return { ...this.#part(address, at, size, start + compared), ignoredFrom: 8, ignoredTo: start - size };
  }
}
