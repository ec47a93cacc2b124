import type { ByteSource } from '../../binary/byte-source.js';
import type { Machine } from '../../binary/elf/machines.js';
import { type ElfNote, elfNotes } from '../../binary/elf/notes.js';
import { ByteReader } from '../../bytes/byte-reader.js';
import { decodeUtf8 } from '../../bytes/text.js';
import { type CoreRegisters, readRegisters, statusSize } from './core-registers.js';

/** A thread at the moment of the dump (NT_PRSTATUS: `struct elf_prstatus` of Linux). */
export interface CoreThread {
  /** As the kernel numbered it where the core was made. */
  readonly id: number;
  /** The signal that the core was made for; 0: none. */
  readonly signal: number;
  readonly registers: CoreRegisters;
}

/** Of the process (NT_PRPSINFO). */
export interface CoreProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The first 79 bytes of the arguments, with spaces between them. */
  readonly beginning: string;
}

/** A part of a file that was mapped (NT_FILE). */
export interface CoreMapping {
  readonly start: number;
  readonly end: number;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly path: string;
}

/** What is known of a signal (NT_SIGINFO: `siginfo_t`). */
export interface CoreSignal {
  readonly number: number;
  /** si_code: where it came from. */
  readonly code: number;
  /** si_addr, for signals of the processor. NaN above 2^53. */
  readonly address: number;
  /** si_pid, for signals that a process sent. */
  readonly sender: number;
}

export interface CoreNotes {
  /** The one that the signal came to first. */
  readonly threads: readonly CoreThread[];
  readonly process: CoreProcess | undefined;
  readonly mappings: readonly CoreMapping[];
  /** The auxiliary vector (NT_AUXV), values by their kind; as bytes too. */
  readonly auxiliary: ReadonlyMap<number, number>;
  readonly auxiliaryBytes: Uint8Array;
  /** Of the first thread. */
  readonly signal: CoreSignal | undefined;
}

const types = { status: 1, process: 3, auxiliary: 6, files: 0x4649_4c45, signal: 0x5349_4749 } as const;
/** Four or five for each thread: 26,000 threads, read in 0.2 s. */
const mostNotes = 1 << 17;
/** Linux writes at most 16 MB about files (core_file_note_size_limit). */
const largest = 32 << 20;
/** Twice as many as Linux allows, unless it is told otherwise. */
const mostMappings = 1 << 17;
/** Bytes that each kind has at least. */
const shortest: ReadonlyMap<number, number> = new Map([
  [types.process, 136],
  [types.auxiliary, 16],
  [types.files, 16],
  [types.signal, 24],
]);
/** What is not there, or too short, is left out. */
export function readCoreNotes(
  source: ByteSource,
  ranges: readonly { readonly offset: number; readonly size: number }[],
  machine: Machine,
): CoreNotes {
  const threads: CoreThread[] = [];
  const firsts = new Map<number, Uint8Array>();
  let signal: CoreSignal | undefined;
  for (const note of coreNotes(source, ranges)) {
    const bytes = firsts.has(note.type) ? undefined : contentOf(source, note, machine);
    if (!bytes) continue;
    if (note.type === types.status) threads.push(threadOf(bytes, machine));
    // Debuggers write one for each thread, behind it.
    else if (note.type === types.signal && threads.length <= 1) signal ??= signalOf(bytes);
    else firsts.set(note.type, bytes);
  }
  const process = firsts.get(types.process);
  const files = firsts.get(types.files);
  const auxiliaryBytes = firsts.get(types.auxiliary) ?? new Uint8Array(0);
  return {
    threads,
    process: process && processOf(process),
    mappings: files ? mappingsOf(files) : [],
    auxiliary: auxiliaryOf(auxiliaryBytes),
    auxiliaryBytes,
    signal,
  };
}

function* coreNotes(
  source: ByteSource,
  ranges: readonly { readonly offset: number; readonly size: number }[],
): Generator<ElfNote> {
  let count = 0;
  for (const { offset, size } of ranges)
    for (const note of elfNotes(source, offset, size)) {
      if (++count > mostNotes) return;
      if (note.owner === 'CORE') yield note;
    }
}

/** Of a kind that is read, and long enough for it. */
function contentOf(
  source: ByteSource,
  { type, offset, size }: ElfNote,
  machine: Machine,
): Uint8Array | undefined {
  const least = type === types.status ? statusSize(machine) : shortest.get(type);
  return least !== undefined && size >= least && size <= largest ? source.read(offset, size) : undefined;
}

function threadOf(bytes: Uint8Array, machine: Machine): CoreThread {
  const reader = new ByteReader(bytes);
  return { id: reader.i32(32), signal: reader.u16(12), registers: readRegisters(reader, machine) };
}

function processOf(bytes: Uint8Array): CoreProcess {
  const reader = new ByteReader(bytes);
  return { pid: reader.i32(24), parentPid: reader.i32(28), beginning: textAt(bytes, 56, 80) };
}

/** Count, size of a page, then for each mapping start, end and page of the file, then the paths, each ended by NUL. */
function mappingsOf(bytes: Uint8Array): CoreMapping[] {
  const reader = new ByteReader(bytes);
  const [count, pageSize] = [reader.u64(0), reader.u64(8)];
  if (!(count * 24 + 16 <= bytes.length)) return [];
  const mappings: CoreMapping[] = [];
  const known = new Map<string, string>();
  let name = 16 + count * 24;
  for (let at = 16; at < 16 + count * 24 && name < bytes.length; at += 24) {
    if (mappings.length === mostMappings) break;
    const end = bytes.indexOf(0, name);
    if (end < 0) break;
    const path = textAt(bytes, name, end - name);
    if (!known.has(path)) known.set(path, path);
    mappings.push({
      ...{ start: reader.u64(at), end: reader.u64(at + 8), offset: reader.u64(at + 16) * pageSize },
      path: known.get(path)!,
    });
    name = end + 1;
  }
  return mappings.filter(({ start, end, offset }) => start < end && offset >= 0);
}

function signalOf(bytes: Uint8Array): CoreSignal {
  const reader = new ByteReader(bytes);
  return {
    number: reader.i32(0),
    code: reader.i32(8),
    address: reader.u64(16),
    sender: reader.i32(16),
  };
}

function auxiliaryOf(bytes: Uint8Array): Map<number, number> {
  const reader = new ByteReader(bytes);
  const values = new Map<number, number>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) values.set(reader.u64(at), reader.u64(at + 8));
  return values;
}

/** UTF-8 up to the first NUL. */
function textAt(bytes: Uint8Array, at: number, most: number): string {
  const part = bytes.subarray(at, at + most);
  const end = part.indexOf(0);
  return decodeUtf8(end < 0 ? part : part.subarray(0, end));
}
