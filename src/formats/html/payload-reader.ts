import { atOnce } from '../../analysis/sample-weights.js';
import { unzigzag } from '../../bytes/byte-sink.js';
import { Column } from '../../model/column.js';
import { type FunctionInfo, type FunctionKind, Profile, type Runs } from '../../model/profile.js';
import {
  functionKinds,
  type Parts,
  type PayloadContexts,
  type PayloadHead,
  type PayloadSources,
  type PayloadThreads,
  timeKinds,
} from './payload.js';

export interface Payload extends Pick<PayloadHead, 'view' | 'answer'> {
  readonly profile: Profile;
}

/** What `encodePayload` was given, names and command lines cut. Throws an `Error` where the bytes are not such. */
export function decodePayload(parts: Parts, textOf: (bytes: Uint8Array) => string): Payload {
  return atOnce(payloadPieces(parts, textOf));
}

/** The same in pieces, with a yield after each. */
export function* payloadPieces(
  parts: Parts,
  textOf: (bytes: Uint8Array) => string,
): Generator<void, Payload, void> {
  const json = <T>(bytes: Uint8Array): T => JSON.parse(textOf(bytes)) as T;
  const head = json<PayloadHead>(parts.head);
  const { frames, stacks, runs } = yield* tablesOf(parts);
  yield;
  const names = json<readonly string[]>(parts.names);
  const profile = Object.assign(new Profile(), {
    ...{ info: head.info, duration: head.duration, complete: head.complete, losses: head.losses },
    ...{ damagedBlocks: head.damagedBlocks, children: head.children, otherThreads: head.otherThreads },
    ...{ processes: head.processes, threads: json<PayloadThreads>(parts.threads) },
    ...{ contexts: json<PayloadContexts>(parts.contexts), functions: functionsOf(parts.functions, names) },
    ...{ frames, stacks, runs },
    longSteps: longStepsOf(head.longSteps),
    suspended: { runs: yield* readRuns(new Numbers(parts.suspended)), processes: head.suspendedProcesses },
    sources: json<PayloadSources>(parts.sources),
  });
  return { profile, view: head.view, answer: head.answer };
}

function longStepsOf(rows: PayloadHead['longSteps']): Profile['longSteps'] {
  return {
    thread: Column.of(Int32Array.from(rows, ([thread]) => thread)),
    start: Column.of(Float64Array.from(rows, ([, start]) => start)),
    duration: Column.of(Float64Array.from(rows, ([, , duration]) => duration)),
  };
}

function* tablesOf(parts: Parts) {
  const frames = new Numbers(parts.frames);
  const frameCount = frames.count();
  const stacks = new Numbers(parts.stacks);
  const stackCount = stacks.count();
  const parent = stacks.column(stackCount);
  const frame = stacks.column(stackCount);
  for (let at = 0; at < stackCount; at++) {
    parent[at] = at - parent[at]!;
    frame[at]!--;
  }
  return {
    frames: {
      function: Column.of(frames.column(frameCount)),
      line: Column.of(frames.column(frameCount)),
    },
    stacks: { parent: Column.of(parent), frame: Column.of(frame) },
    runs: yield* readRuns(new Numbers(parts.runs)),
  };
}

function functionsOf(bytes: Uint8Array, names: readonly string[]): FunctionInfo[] {
  const numbers = new Numbers(bytes);
  const count = numbers.count();
  const [kind, name, qualifiedName, file, shortFile, firstLine] = Array.from({ length: 6 }, () =>
    numbers.column(count),
  );
  const text = (column: Int32Array | undefined, at: number) => names[column![at]!] ?? '';
  return Array.from({ length: count }, (_, at) => ({
    kind: functionKinds[kind![at]!] ?? ('synthetic' satisfies FunctionKind),
    name: text(name, at),
    qualifiedName: text(qualifiedName, at),
    file: text(file, at),
    shortFile: text(shortFile, at),
    firstLine: firstLine![at]!,
  }));
}

function* readRuns(numbers: Numbers): Generator<void, Runs, void> {
  const count = numbers.count();
  const columns: Column<Int32Array>[] = [];
  for (let column = 0; column < 5; column++) {
    columns.push(Column.of(numbers.column(count)));
    yield;
  }
  const [thread, stack, flags, context, samples] = columns;
  const [start, duration] = [new Float64Array(count), new Float64Array(count)];
  if (numbers.varint() === timeKinds.any) {
    for (const column of [start, duration])
      for (let row = 0; row < count; row++) column[row] = numbers.float64();
  } else {
    numbers.fill(start);
    yield;
    numbers.fill(duration);
    yield;
    // By thread, or by slot.
    const ends: number[] = [];
    for (let row = 0; row < count; row++) {
      const of = thread!.values[row]!;
      const from = unzigzag(start[row]!) + (ends[of] ?? 0);
      start[row] = from;
      ends[of] = from + duration[row]!;
    }
  }
  return {
    ...{ thread: thread!, stack: stack!, flags: flags!, context: context!, samples: samples! },
    ...{ start: Column.of(start), duration: Column.of(duration) },
  };
}

class Numbers {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  varint(): number {
    let byte = this.#next();
    if (byte < 128) return byte;
    let value = byte & 0x7f;
    for (let scale = 128; scale <= 2 ** 49; scale *= 128) {
      byte = this.#next();
      value += (byte & 0x7f) * scale;
      if (byte < 128) return value;
    }
    throw new Error('a number is too large');
  }

  /** Of rows, of which each has a byte at least. */
  count(): number {
    const count = this.varint();
    if (count > this.#bytes.length) throw new Error(`${count} rows in ${this.#bytes.length} bytes`);
    return count;
  }

  column(count: number): Int32Array {
    return this.fill(new Int32Array(count));
  }

  /** Most numbers have few bytes, and there are millions of them. */
  fill<T extends Int32Array | Float64Array>(values: T): T {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let row = 0; row < values.length; row++) {
      const first = bytes[at]!;
      const second = bytes[at + 1]!;
      if (first < 128) {
        values[row] = first;
        at++;
      } else if (second < 128) {
        values[row] = (first & 0x7f) | (second << 7);
        at += 2;
      } else {
        this.#at = at;
        values[row] = this.varint();
        at = this.#at;
      }
    }
    this.#at = at;
    return values;
  }

  float64(): number {
    const { buffer, byteOffset } = this.#bytes;
    if (this.#at + 8 > this.#bytes.length) throw new Error('the data ends early');
    this.#at += 8;
    return new DataView(buffer, byteOffset + this.#at - 8, 8).getFloat64(0, true);
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error('the data ends early');
    return byte;
  }
}
