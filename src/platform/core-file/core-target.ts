import { readCString } from '../../cpython/objects/c-strings.js';
import type { CoreFacts } from '../../model/snapshot.js';
import type { Target, ThreadActivity } from '../target.js';
import { startingArguments } from './core-arguments.js';
import { CoreFiles, type FindFiles } from './core-files.js';
import { readCoreHeaders, type SizedSource } from './core-headers.js';
import { coreMemory } from './core-memory.js';
import { readCoreNotes } from './core-notes.js';
import { endingSignal } from './core-signals.js';
import { coreThreads } from './core-threads.js';
import { executableMappings } from './executable-mappings.js';

/** A core file as a target. */
export interface CoreTarget extends Target {
  readonly mappedFiles: CoreFiles;
  /** False where the core file does not say which files the program had mapped: then only the executable is known. */
  readonly knowsAllFiles: boolean;
  /** What the core file says of how it came about; which files are missing is known once all was read. */
  core(): CoreFacts;
}

/** What the machine that reads has to give. */
export interface CoreHost {
  /** Of the core file: for messages. */
  readonly path: string;
  /** When the core file was written: milliseconds since 1970; `undefined` when it is not known. */
  readonly writtenAt: number | undefined;
  readonly find: FindFiles;
  hasFile(path: string): boolean;
  waitingFor(activity: ThreadActivity): string;
}

/** Kinds of entries of the auxiliary vector (getauxval(3)). */
const auxiliary = { programHeaders: 3, pageSize: 6, randomBytes: 25, path: 31 } as const;

/** Throws `not-a-core`, `core-compressed`, `machine-unsupported` or `core-damaged`. */
export function coreTarget(source: SizedSource, host: CoreHost): CoreTarget {
  const { machine, segments, notes: ranges, missingBytes } = readCoreHeaders(source, host.path);
  const notes = readCoreNotes(source, ranges, machine);
  const value = (kind: number) => notes.auxiliary.get(kind) ?? Number.NaN;
  const dumped = coreMemory(source, segments);
  const programHeaders = value(auxiliary.programHeaders);
  const mappings =
    notes.mappings.length > 0
      ? notes.mappings
      : executableMappings(
          readCString(dumped, value(auxiliary.path), longestPath) ?? '',
          programHeaders,
          host.find,
        );
  const pageSize = value(auxiliary.pageSize) || 4096;
  const places = { mappings, inExecutable: programHeaders, pageSize };
  const mappedFiles = new CoreFiles(dumped, segments, places, host.find);
  const memory = coreMemory(source, segments, (address, end) => mappedFiles.pieceAt(address, end));
  const { process, threads } = notes;
  const signal = endingSignal(notes);
  const commandLine =
    startingArguments(memory, notes.auxiliaryBytes, value(auxiliary.randomBytes)) ??
    beginningOf(process?.beginning ?? '');
  return {
    memory,
    mappedFiles,
    knowsAllFiles: notes.mappings.length > 0,
    facts: {
      pid: process?.pid ?? threads[0]?.id ?? 0,
      parentPid: process?.parentPid ?? 0,
      commandLine,
      executable: mappedFiles.executable,
    },
    files: () => mappedFiles.images(),
    hasFile: host.hasFile,
    threads: coreThreads(threads, { machine, memory }, host.waitingFor),
    core: () => ({
      file: host.path,
      ...(host.writtenAt === undefined ? {} : { writtenAt: new Date(host.writtenAt).toISOString() }),
      ...(signal ? { signal } : {}),
      missingBytes,
      missingFiles: mappedFiles.missing(),
    }),
  };
}

const longestPath = 4096;
const longestBeginning = 79;

function beginningOf(text: string): string[] {
  if (text === '') return [];
  return (text.length >= longestBeginning ? `${text}…` : text.trim()).split(' ');
}
