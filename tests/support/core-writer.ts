import type { Machine } from '../../src/binary/elf/machines.js';

/** A part of memory of a core file that is made; `bytes`: what of it is in the file, from its beginning. */
export interface WrittenSegment {
  readonly start: number;
  readonly size: number;
  readonly flags: number;
  readonly bytes: Uint8Array;
}

export interface WrittenThread {
  readonly id: number;
  /** -1: in none. */
  readonly systemCall: number;
  readonly args: readonly number[];
}

export interface WrittenCore {
  /** By default x86-64. */
  readonly machine?: Machine;
  readonly segments: readonly WrittenSegment[];
  readonly threads: readonly WrittenThread[];
  readonly pid: number;
  readonly parentPid: number;
  /** As `ps` shows them: cut to 79 bytes. */
  readonly commandLine: string;
  readonly mappings: readonly {
    readonly start: number;
    readonly end: number;
    readonly offset: number;
    readonly path: string;
  }[];
  readonly auxiliary?: Uint8Array;
  readonly signal?: {
    readonly number: number;
    readonly code: number;
    readonly address?: number;
    readonly sender?: number;
  };
}

const page = 4096;
const text = (words: string) => new TextEncoder().encode(words);

/** Bytes with little-endian numbers at places. */
class Struct {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(at: number, value: number): this {
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(at: number, value: number): this {
    this.#view.setBigInt64(at, BigInt(value), true);
    return this;
  }

  put(at: number, bytes: Uint8Array): this {
    this.bytes.set(bytes, at);
    return this;
  }
}

/** `svc #0`, and where it lies in the core files of aarch64: in front of everything else. */
const code = { start: 0x1_0000, size: page, flags: 5, bytes: Uint8Array.of(1, 0, 0, 0xd4) };

/** A core file as Linux writes one (fs/binfmt_elf.c). */
export function writeCore(written: WrittenCore): Uint8Array {
  const isAarch64 = written.machine === 'aarch64';
  const core = isAarch64 ? { ...written, segments: [code, ...written.segments] } : written;
  const notes = joined(notesOf(core));
  const count = core.segments.length + 1;
  const notesAt = 64 + 56 * count;
  const head = new Struct(Math.ceil((notesAt + notes.length) / page) * page);
  head.put(0, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1));
  head
    .u16(16, 4)
    .u16(18, isAarch64 ? 183 : 62)
    .u32(20, 1)
    .u64(32, 64)
    .u16(52, 64)
    .u16(54, 56)
    .u16(56, count);
  head
    .u32(64, 4)
    .u64(64 + 8, notesAt)
    .u64(64 + 32, notes.length);
  head.put(notesAt, notes);
  let offset = head.bytes.length;
  for (const [index, { start, size, flags, bytes }] of core.segments.entries()) {
    const at = 64 + 56 * (index + 1);
    head
      .u32(at, 1)
      .u32(at + 4, flags)
      .u64(at + 8, offset)
      .u64(at + 16, start);
    head
      .u64(at + 32, bytes.length)
      .u64(at + 40, size)
      .u64(at + 48, page);
    offset += bytes.length;
  }
  return joined([head.bytes, ...core.segments.map(({ bytes }) => bytes)]);
}

function notesOf({ threads, auxiliary, signal, machine, ...core }: WrittenCore): Uint8Array[] {
  const statuses = threads.map(({ id, systemCall, args }) => {
    const status = new Struct(machine === 'aarch64' ? 392 : 336).u16(12, signal?.number ?? 0).u32(32, id);
    if (machine === 'aarch64') {
      // x0 to x7, x8; the call is to be made again.
      for (const [index, value] of args.entries()) status.u64(112 + index * 8, value);
      status.u64(112 + 8 * 8, systemCall).u64(112 + 32 * 8, systemCall < 0 ? 0 : code.start);
      return note(1, status.bytes);
    }
    const [rdi = 0, rsi = 0, rdx = 0, r10 = 0, r8 = 0, r9 = 0] = args;
    const registers = [0, 0, 0, 0, 0, 0, 0, r10, r9, r8, systemCall < 0 ? 0 : -512, 0, rdx, rsi, rdi];
    for (const [index, value] of [...registers, systemCall].entries()) status.u64(112 + index * 8, value);
    return note(1, status.bytes);
  });
  const process = new Struct(136).u32(24, core.pid).u32(28, core.parentPid);
  process.put(56, text(core.commandLine).subarray(0, 79));
  const files = new Struct(16 + 24 * core.mappings.length).u64(0, core.mappings.length).u64(8, page);
  for (const [index, { start, end, offset }] of core.mappings.entries())
    files
      .u64(16 + index * 24, start)
      .u64(24 + index * 24, end)
      .u64(32 + index * 24, offset / page);
  const names = core.mappings.map(({ path }) => text(`${path}\0`));
  const [first, ...others] = statuses;
  return [
    ...(first ? [first] : []),
    note(3, process.bytes),
    ...(signal
      ? [
          note(
            0x5349_4749,
            new Struct(128)
              .u32(0, signal.number)
              .u32(8, signal.code)
              .u64(16, signal.address ?? signal.sender ?? 0).bytes,
          ),
        ]
      : []),
    ...(auxiliary ? [note(6, auxiliary)] : []),
    note(0x4649_4c45, joined([files.bytes, ...names])),
    ...others,
  ];
}

function note(type: number, content: Uint8Array): Uint8Array {
  const padded = Math.ceil(content.length / 4) * 4;
  return new Struct(20 + padded)
    .u32(0, 5)
    .u32(4, content.length)
    .u32(8, type)
    .put(12, text('CORE'))
    .put(20, content).bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
