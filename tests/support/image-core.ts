import type { Machine } from '../../src/binary/elf/machines.js';
import type { FindFiles } from '../../src/platform/core-file/core-files.js';
import type { SizedSource } from '../../src/platform/core-file/core-headers.js';
import { type CoreTarget, coreTarget } from '../../src/platform/core-file/core-target.js';
import type { ImageFile, MemoryImage } from '../../src/platform/image/memory-image.js';
import { type SystemCall, systemCallNumbers } from '../../src/platform/system-calls.js';
import { unknownFile, waitingText } from '../../src/process/thread-activity.js';
import { type WrittenCore, type WrittenSegment, writeCore } from './core-writer.js';

const page = 4096;
/** A file of an image has parts only: nothing says where it ends. */
const endless = 2 ** 40;

/** The memory and the threads of an image, as a core file. */
export function coreOfImage(image: MemoryImage, more: Partial<WrittenCore> = {}): Uint8Array {
  const { facts, files, threads, pages } = image;
  const starts = files.flatMap(({ path, mappings }) => mappings.map((one) => ({ ...one, path })));
  starts.sort((a, b) => a.start - b.start);
  return writeCore({
    segments: segmentsOf(pages),
    threads: threads.map(({ id, activity }) => ({
      id,
      systemCall: activity.state === 'S' ? numberOf(activity.systemCall, more.machine) : -1,
      args: activity.systemCall?.args.map((arg) => (Number.isSafeInteger(arg) ? arg : 0)) ?? [],
    })),
    pid: facts.pid,
    parentPid: facts.parentPid,
    commandLine: facts.commandLine.join(' '),
    mappings: starts.map(({ path, start, offset }, at) => ({
      ...{ path, start, offset },
      end: Math.min(starts[at + 1]?.start ?? endless, start + (1 << 24)),
    })),
    ...more,
  });
}

function numberOf(call: SystemCall | undefined, machine: Machine = 'x86-64'): number {
  if (!call) return -1;
  return call.name === '' ? call.number : systemCallNumbers(call.name)[machine];
}

function segmentsOf(pages: MemoryImage['pages']): WrittenSegment[] {
  const runs: { first: number; parts: Uint8Array[] }[] = [];
  for (const [number, bytes] of [...pages].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last.first + last.parts.length === number) last.parts.push(bytes);
    else runs.push({ first: number, parts: [bytes] });
  }
  return runs.map(({ first, parts }) => {
    const bytes = new Uint8Array(Buffer.concat(parts));
    return { start: first * page, size: bytes.length, flags: 6, bytes };
  });
}

/** Bytes as a file, of which it is counted how much is read. */
export function sourceOf(bytes: Uint8Array): SizedSource {
  return {
    size: bytes.length,
    read: (offset, length) =>
      offset >= 0 && length >= 0 && offset + length <= bytes.length
        ? bytes.slice(offset, offset + length)
        : undefined,
  };
}

/** Finds the files of an image. */
export function filesOf({ files }: MemoryImage): FindFiles {
  return function* ({ path }) {
    const parts = files.find((file) => file.path === path)?.parts;
    if (parts) yield { source: partsAsFile(parts), isNamed: true };
  };
}

function partsAsFile(parts: NonNullable<ImageFile['parts']>): SizedSource {
  return {
    size: endless,
    read(offset, length) {
      for (const part of parts) {
        const at = offset - part.offset;
        if (at >= 0 && at + length <= part.bytes.length) return part.bytes.slice(at, at + length);
      }
      return undefined;
    },
  };
}

/** A core file of which the files that the program had mapped are those that `find` finds. */
export function targetOf(source: SizedSource, find: FindFiles, existing: readonly string[] = []): CoreTarget {
  return coreTarget(source, {
    path: 'core',
    writtenAt: undefined,
    find,
    hasFile: (path) => existing.includes(path),
    waitingFor: (activity) => waitingText(activity, unknownFile),
  });
}
