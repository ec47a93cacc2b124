import { callInProgress } from '../../cpython/calls/call-in-progress.js';
import { type CodeCalls, readCodeCalls } from '../../cpython/calls/code-calls.js';
import type { GreenletReader, ReadGreenlet } from '../../cpython/greenlets/greenlet-reader.js';
import type { NamedBy, NameGreenlets } from '../../cpython/greenlets/known-greenlets.js';
import type { Layout } from '../../cpython/layout.js';
import { GreenletNames } from '../../frameworks/greenlet-names.js';
import {
  type CalledFrame,
  GreenletWaits,
  isGreenletHub,
  isGreenletWorker,
  isOfGreenletLibrary,
} from '../../frameworks/greenlet-waits.js';
import type { KnownBytes } from '../../memory/known-bytes.js';
import { ProvenReads } from '../../memory/proven-reads.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { waitForWork } from '../../model/leaf-frames.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';
import type { LookRow } from '../look-records.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskFrames } from './task-frames.js';
import type { TaskGroups } from './task-group-name.js';
import { type TaskRows, WaitingRows } from './task-rows.js';

export interface GreenletRowsParts {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly codes: Pick<CodeTable, 'at' | 'frame' | 'lasting'>;
  readonly encoder: RecordingEncoder;
  readonly frames: Pick<TaskFrames, 'synthetic' | 'functionOf'>;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly rows: TaskRows;
  readonly shortFileName: (fileName: string) => string;
}

/** What was found of a suspended greenlet. */
export interface NamedGreenlet {
  readonly kind: 'main' | 'hub' | 'greenlet';
  /** The name that the program gave it; empty: none. */
  readonly given: string;
  readonly group: string;
  /** Of the recording; 0: others count in its place. */
  readonly stack: number;
}

/** What is called, and the object of which it is a method. */
const callableBytes = 16;
const mainGroup = 'main greenlet';

/** What the recording says of each suspended greenlet: its row, and the stack that it waits in. */
export class GreenletRows {
  readonly #parts: GreenletRowsParts;
  readonly #named = new WeakMap<ReadGreenlet, NamedGreenlet>();
  readonly #rows: WaitingRows;
  readonly #calls = new Map<number, CodeCalls | undefined>();
  #names: GreenletNames | undefined;
  /** What the names of greenlets that ran were read of: to read one anew takes several times as long. */
  readonly #nameProofs = new WeakMap<ReadGreenlet, KnownBytes>();

  constructor(parts: GreenletRowsParts) {
    this.#parts = parts;
    this.#rows = new WaitingRows(parts.rows, parts.contexts);
  }

  of(greenlet: ReadGreenlet): NamedGreenlet | undefined {
    return this.#named.get(greenlet);
  }

  /** Whether it has the name that the program gave it still: another one may lie there by now. */
  hasItsName(greenlet: ReadGreenlet, { given }: NamedGreenlet): boolean {
    const { memory } = this.#parts;
    if (given === '' || this.#nameProofs.get(greenlet)?.areIn(memory)) return true;
    const reads = new ProvenReads(memory);
    if (this.#names?.of(greenlet.address, greenlet.type, reads) !== given) return false;
    const { known } = reads;
    this.#nameProofs.set(greenlet, known);
    return known.areIn(memory);
  }

  /** As `NameGreenlets`. */
  readonly name: NameGreenlets = (greenlets, copy, reader) => {
    const { codes, layout } = this.#parts;
    const all = new Set(greenlets.flatMap(({ frames }) => frames.map(({ code }) => code)));
    const lasting = codes.lasting(all);
    for (const code of all) if (!lasting.has(code)) this.#calls.delete(code);
    const waits = new GreenletWaits(copy, layout);
    const namedBy: NamedBy[] = [];
    for (const greenlet of greenlets)
      this.#named.set(greenlet, this.#name(greenlet, { copy, reader, waits, namedBy }));
    return namedBy;
  };

  /** `labels`: what the greenlets of the process are within. */
  at(suspended: readonly ReadGreenlet[], labels: number): LookRow[] {
    const named = suspended.map((greenlet) => ({
      ...this.#named.get(greenlet)!,
      address: greenlet.address,
    }));
    return this.#rows.at(named, labels);
  }

  #name(greenlet: ReadGreenlet, { copy, reader, waits, namedBy }: NamedIn): NamedGreenlet {
    const { frames: names, groups } = this.#parts;
    this.#names ??= new GreenletNames(this.#parts.memory, this.#parts.layout, (type) =>
      reader.classNames(type),
    );
    const called: CalledFrame[] = greenlet.frames.map((frame, at) => ({
      ...{ frame, place: this.#place(frame.code) },
      ...(at === 0 ? this.#called(frame, copy) : { called: '', callableAt: 0 }),
    }));
    const isHub = isGreenletHub(reader.classNames(greenlet.type), called.at(-1)?.place ?? '');
    const kind = greenlet.isMain ? 'main' : isHub ? 'hub' : 'greenlet';
    const given = this.#names.of(greenlet.address, greenlet.type, copy);
    const own = called.findLast(({ place }) => !isOfGreenletLibrary(place)) ?? called.at(-1)!;
    const group = greenlet.isMain ? mainGroup : groups.nameOf(given, names.functionOf(own.frame.code));
    const wait = waits.of(called);
    const { frame, called: byName, callableAt } = called[0]!;
    // Another object may be called at the same place later, with the same frames.
    if (wait && byName !== '')
      namedBy.push([greenlet, { address: frame.address + callableAt, length: callableBytes }]);
    const isCounted = kind === 'hub' || wait?.kind === 'greenlet' || wait?.kind === 'greenlets';
    if (isCounted) return { kind, given, group, stack: 0 };
    const leaf = isGreenletWorker(called, wait)
      ? waitForWork
      : wait && !isOfGreenletLibrary(called[0]!.place)
        ? `<${wait.text}>`
        : '';
    return { kind, given, group, stack: this.#stack(greenlet, leaf) };
  }

  #stack({ frames, truncated }: ReadGreenlet, leaf: string): number {
    const { codes, encoder, frames: names } = this.#parts;
    let stack = 0;
    const add = (frame: number) => {
      stack = encoder.defineStack(stack, frame);
    };
    if (truncated) add(names.synthetic('<truncated>'));
    for (const { code, instruction } of frames.toReversed()) {
      const frame = codes.frame(code, instruction);
      if (frame === hiddenFrame) continue;
      if (frame < 0) {
        add(names.synthetic('<unread>'));
        return stack;
      }
      add(frame);
    }
    if (leaf !== '' && stack !== 0) add(names.synthetic(leaf));
    return stack;
  }

  #place(code: number): string {
    const info = this.#parts.codes.at(code)?.info;
    return info ? `${this.#parts.shortFileName(info.fileName)}:${info.name}` : '';
  }

  /** The C function that the innermost frame stands in. */
  #called(
    { address, code, instruction }: ReadGreenlet['frames'][number],
    copy: TargetMemory,
  ): { readonly called: string; readonly callableAt: number } {
    const { memory, layout } = this.#parts;
    if (!this.#calls.has(code)) this.#calls.set(code, readCodeCalls(memory, layout, code));
    const calls = this.#calls.get(code);
    const frame = { frame: address, instruction, blocked: true };
    const name = calls && callInProgress(copy, layout, calls, frame);
    return { called: name ?? '', callableAt: calls?.at(instruction >>> 0)?.offset ?? 0 };
  }
}

interface NamedIn {
  readonly copy: TargetMemory;
  readonly reader: GreenletReader;
  readonly waits: GreenletWaits;
  readonly namedBy: NamedBy[];
}
