import { ByteReader } from '../bytes/byte-reader.js';
import { type CodeInfo, codeHeaderSize, readCode, readGuard, sameGuard } from '../cpython/code-reader.js';
import type { Layout } from '../cpython/layout.js';
import { lineAt } from '../cpython/lines/decode-lines.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';

/** What the recording calls a code object, and what is needed to tell its lines. */
interface KnownCode {
  readonly info: CodeInfo;
  readonly functionId: number;
  /** Low half of the address of the first instruction; from it a frame's instruction is counted. */
  readonly firstInstruction: number;
}

/** Instead of a frame: the interpreter's own, which no traceback shows either. */
export const hiddenFrame = -2;

/** Where the instructions of a code object lie: low halves of addresses. */
interface InstructionRange {
  readonly first: number;
  readonly end: number;
  readonly code: number;
}

/** Code objects looked at again per call of `checkSome`. */
const checkedAtOnce = 64;

/** The code objects of one process: each is read once, and looked at again now and then in case its address was reused. */
export class CodeTable {
  readonly #known = new Map<number, KnownCode>();
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #encoder: RecordingEncoder;
  readonly #shortFileName: (fileName: string) => string;
  readonly #headerSize: number;
  #unchecked: IterableIterator<[number, KnownCode]>;
  /** By their first instructions, for `codeHolding`; undefined when codes were added since. */
  #ranges: InstructionRange[] | undefined;
  /** Called with each function that is new. */
  onFunction: (info: CodeInfo) => void = () => {};

  constructor(
    memory: TargetMemory,
    layout: Layout,
    encoder: RecordingEncoder,
    shortFileName: (fileName: string) => string,
  ) {
    this.#memory = memory;
    this.#layout = layout;
    this.#encoder = encoder;
    this.#shortFileName = shortFileName;
    this.#headerSize = codeHeaderSize(layout);
    this.#unchecked = this.#known.entries();
  }

  /** The recording's frame for an instruction of a code object; -1 when there is no such code object, or `hiddenFrame`. */
  frame(codeLow: number, codeHigh: number, instruction: number): number {
    const address = codeHigh * 0x1_0000_0000 + codeLow;
    const code = this.#known.get(address) ?? this.#read(address);
    if (!code) return -1;
    if (isInterpretersOwn(code.info)) return hiddenFrame;
    return this.#encoder.defineFrame(
      code.functionId,
      lineAt(code.info.lines, this.#offset(code, instruction)),
    );
  }

  /** Bytes from the first instruction; negative before it. */
  #offset(code: KnownCode, instruction: number): number {
    if (this.#layout.minor <= 9) return instruction | 0;
    if (this.#layout.minor === 10) return (instruction | 0) * 2;
    return (instruction - code.firstInstruction) | 0;
  }

  /** Address of the known code object that an instruction is part of; 0: of none. `instruction`: the low half of its address. */
  codeHolding(instruction: number): number {
    this.#ranges ??= [...this.#known]
      .map(([code, { firstInstruction: first, info }]) => ({
        first,
        end: first + info.instructionBytes,
        code,
      }))
      .sort((a, b) => a.first - b.first);
    const ranges = this.#ranges;
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]!.first <= instruction) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    return range !== undefined && instruction < range.end ? range.code : 0;
  }

  #read(address: number): KnownCode | undefined {
    const info = readCode(this.#memory, this.#layout, address);
    if (!info) return undefined;
    const functionId = this.#encoder.defineFunction({
      kind: 'python',
      name: info.name,
      qualifiedName: info.qualifiedName,
      file: info.fileName,
      shortFile: this.#shortFileName(info.fileName),
      firstLine: info.firstLine,
    });
    const code = {
      info,
      functionId,
      firstInstruction: (address + Math.max(0, this.#layout.code.instructions)) >>> 0,
    };
    this.#known.set(address, code);
    this.#ranges = undefined;
    this.onFunction(info);
    return code;
  }

  /** Looks at the next few code objects again; true when an address means another one now (all of them are forgotten then). */
  checkSome(): boolean {
    for (let count = 0; count < checkedAtOnce; count++) {
      const next = this.#unchecked.next();
      if (next.done) {
        this.#unchecked = this.#known.entries();
        return false;
      }
      const [address, { info }] = next.value;
      const header = this.#memory.read(address, this.#headerSize);
      if (!header || !sameGuard(info.guard, readGuard(this.#layout, new ByteReader(header)))) {
        this.#known.clear();
        this.#ranges = undefined;
        this.#unchecked = this.#known.entries();
        return true;
      }
    }
    return false;
  }
}

/** From 3.12 a frame of such code stands below an `__init__` that runs without a C call (Python/specialize.c, _Py_InitCleanup). */
export function isInterpretersOwn({ name, fileName }: CodeInfo): boolean {
  return fileName === '__init__' && name === '__init__';
}
