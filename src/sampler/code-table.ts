import { lineWithin } from '../cpython/bytecode-copies.js';
import { CodeObjects } from '../cpython/code-objects.js';
import type { CodeInfo } from '../cpython/code-reader.js';
import { firstInstructionOf, instructionOffset } from '../cpython/code-unit.js';
import type { Layout } from '../cpython/layout.js';
import type { KnownBytes } from '../memory/known-bytes.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { StackDefinitions } from '../recording/recording-encoder.js';

/** What the recording calls a code object, and what is needed to tell its lines. */
export interface KnownCode {
  readonly address: number;
  readonly info: CodeInfo;
  readonly identity: KnownBytes;
  readonly functionId: number;
  /** Low half of the address of the first instruction; from it a frame's instruction is counted. */
  readonly firstInstruction: number;
  /** Since when it is known to lie there, and when it was last seen to be the same; microseconds. */
  since: number;
  checkedAt: number;
}

/**
 * An object, as those that others of a process have: of a function that is put into another object's field V8 keeps
 * what it knows until old objects are collected, which was 60 KB for each process that was found.
 */
export interface CodeListener {
  codeForgotten(address: number): void;
}

/** Instead of a frame: the interpreter's own, which no traceback shows either. */
export const hiddenFrame = -2;

/**
 * The code objects of one process, by address; each is read once, and forgotten when another one took its place
 * (`NameCheck`).
 */
export class CodeTable {
  readonly #known = new Map<number, KnownCode>();
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #encoder: StackDefinitions;
  readonly #shortFileName: (fileName: string) => string;
  readonly #objects: CodeObjects;
  /** Sorted by their first instructions, for `codeHolding`; empty up to 3.10. */
  readonly #ranges: KnownCode[] = [];
  /** When a code object was read last that was not known; microseconds. */
  learntAt = Number.NEGATIVE_INFINITY;
  /** Called with each function that is new. */
  onFunction: (info: CodeInfo) => void = () => {};
  /** Is told of each code object that is forgotten. */
  listener: CodeListener | undefined;

  /** `clock`: microseconds, as the times of ticks. */
  constructor(
    memory: TargetMemory,
    layout: Layout,
    encoder: StackDefinitions,
    shortFileName: (fileName: string) => string,
    clock: () => number,
  ) {
    this.#memory = memory;
    this.#layout = layout;
    this.#encoder = encoder;
    this.#shortFileName = shortFileName;
    this.#objects = new CodeObjects(memory, layout, clock);
  }

  get size(): number {
    return this.#known.size;
  }

  /** The code object at an address, as far as it is known. */
  at(address: number): KnownCode | undefined {
    return this.#known.get(address);
  }

  /**
   * The recording's frame for an instruction of a code object; -1 when there is no such code object, or `hiddenFrame`.
   */
  frame(address: number, instruction: number): number {
    const code = this.#known.get(address) ?? this.learn(address);
    if (!code) return -1;
    if (isInterpretersOwn(code.info)) return hiddenFrame;
    return this.#encoder.defineFrame(
      code.functionId,
      lineWithin(
        this.#layout,
        code.info,
        instructionOffset(this.#layout.minor, instruction, code.firstInstruction),
      ),
    );
  }

  /**
   * Address of the known code object that an instruction is part of; 0: of none. `instruction`: the low half of its
   * address.
   */
  codeHolding(instruction: number): number {
    const code = this.#ranges[this.#rangeAfter(instruction) - 1];
    return code !== undefined && instruction < endOf(code) ? code.address : 0;
  }

  /** Index of the first range that begins after `instruction`. */
  #rangeAfter(instruction: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.firstInstruction <= instruction) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Reads the code object at `address`, also when another one is known there; `undefined` when there is none. */
  learn(address: number): KnownCode | undefined {
    const read = this.#objects.read(address);
    if (this.#known.has(address)) this.forget(address);
    if (!read) return undefined;
    const { info, identity, seenAt: since } = read;
    const functionId = this.#encoder.defineFunction({
      kind: 'python',
      name: info.name,
      qualifiedName: info.qualifiedName,
      file: info.fileName,
      shortFile: this.#shortFileName(info.fileName),
      firstLine: info.firstLine,
    });
    const firstInstruction = firstInstructionOf(this.#layout, address);
    const code = { address, info, identity, functionId, firstInstruction, since, checkedAt: since };
    this.#known.set(address, code);
    this.learntAt = since;
    if (info.instructionBytes > 0) this.#addRange(code);
    this.onFunction(info);
    return code;
  }

  /**
   * Those of these code objects that were known before and lie there now: frames that were read in between have them.
   * Others are learnt anew.
   */
  lasting(addresses: Iterable<number>): Set<number> {
    const lasting = new Set<number>();
    for (const address of addresses) {
      const code = this.#known.get(address);
      if (code?.identity.areIn(this.#memory)) lasting.add(address);
      else this.learn(address);
    }
    return lasting;
  }

  /** What shares instructions with it is gone: two code objects do not lie in the same place. */
  #addRange(code: KnownCode): void {
    const after = this.#rangeAfter(code.firstInstruction);
    let first = after;
    while (first > 0 && endOf(this.#ranges[first - 1]!) > code.firstInstruction) first--;
    let last = after;
    while (last < this.#ranges.length && this.#ranges[last]!.firstInstruction < endOf(code)) last++;
    for (const gone of this.#ranges.splice(first, last - first, code)) this.forget(gone.address);
  }

  /** Forgets the code at an address, which is another by now. */
  forget(address: number): void {
    const code = this.#known.get(address);
    if (!code) return;
    this.#known.delete(address);
    this.#objects.forget(code.info);
    const range = this.#ranges.indexOf(code, Math.max(0, this.#rangeAfter(code.firstInstruction) - 1));
    if (range >= 0) this.#ranges.splice(range, 1);
    this.listener?.codeForgotten(address);
  }

  clear(): void {
    for (const { info } of this.#known.values()) this.#objects.forget(info);
    this.#known.clear();
    this.#ranges.length = 0;
  }
}

function endOf({ firstInstruction, info }: KnownCode): number {
  return firstInstruction + info.instructionBytes;
}

/**
 * From 3.12 a frame of such code stands below an `__init__` that runs without a C call (Python/specialize.c,
 * _Py_InitCleanup).
 */
export function isInterpretersOwn({ name, fileName }: CodeInfo): boolean {
  return fileName === '__init__' && name === '__init__';
}
