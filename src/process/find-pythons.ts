import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type ByteBudget, type ByteSource, withByteBudget } from '../binary/byte-source.js';
import { languageRuntimeIn } from '../binary/language-runtime.js';
import { fileHead, findRuntime } from '../cpython/locate/find-runtime.js';
import { hasHiddenPython } from '../cpython/locate/hidden-python.js';
import { type FileContent, searchBudget } from '../cpython/locate/locate.js';
import { callsPython, isOtherKind, mayHoldPython, readPythonFile } from '../cpython/locate/python-file.js';
import { readPointer } from '../memory/pointers.js';
import { PyglassError } from '../model/error.js';
import { innerIds } from '../platform/target.js';
import { notRunning, procMissing, readError } from './attach-diagnosis.js';
import { FileSource } from './file-source.js';
import { KnownFiles } from './known-files.js';
import {
  commandLine,
  hasEnded,
  type LinuxImage,
  mappedImages,
  mapsText,
  memoryOwner,
} from './linux-process.js';
import { linuxThreadIds } from './linux-target.js';
import { openLiveMemory } from './live-memory.js';

/** A process with a CPython among its mapped files, or one that we may not look into but that has the name of one. */
export interface FoundPython {
  readonly pid: number;
  readonly executable: string | undefined;
  /** The executable is the interpreter itself, so that the command line is one of `python`, whatever its name. */
  readonly isInterpreter: boolean;
  /**
   * The executable is one that runs the interpreter, such as an emulator or the dynamic linker; the command line begins
   * with words for it.
   */
  readonly isRun?: true;
}

export interface PythonState {
  /** Such as `3.11.7`; only `3.11` where it is known from a file's name; `undefined` when not known. */
  readonly version: string | undefined;
  /** Why its Python cannot be read. */
  readonly error: PyglassError | undefined;
}

/** What an executable has of Python: CPython itself, or that it does nothing but call it. */
interface Executable {
  readonly holds: boolean;
  readonly calls: boolean;
}

/** How an interpreter is named where no more than its name can be seen. */
const interpreterNames = /^-?python[\d.]*$/;
/** The beginning of a file's name tells enough; the rest may be megabytes. */
const longestName = 200;

/**
 * Looks through all processes of the machine. Each file is looked into once, however many processes run it, so an
 * object serves for one look at the machine: 500 processes take some 50 ms.
 */
export class PythonFinder {
  /** By device and inode of the executable. */
  readonly #executables = new Map<string, Executable>();
  readonly #files = new KnownFiles({ content: contentOf, head: fileHead });
  readonly #isNameOfPython: (name: string) => boolean;

  /**
   * `isNameOfPython`: whether a process of which only this name can be seen is a Python, as servers rename themselves.
   */
  constructor(isNameOfPython: (name: string) => boolean) {
    this.#isNameOfPython = isNameOfPython;
  }

  /** In no order. Nothing is read but /proc and executables. Throws `proc-missing`. */
  find(): FoundPython[] {
    const missing = procMissing();
    if (missing) throw missing;
    const found: FoundPython[] = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const python = this.look(Number(name));
      if (python) found.push(python);
    }
    return found;
  }

  /** `undefined`: it is no Python, or gone. */
  look(pid: number): FoundPython | undefined {
    let executable: string;
    try {
      executable = readlinkSync(`/proc/${memoryOwner(pid)}/exe`).replace(/ \(deleted\)$/, '');
    } catch (error) {
      // Without an executable it is a thread of the kernel or a zombie.
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
      const name = commandLine(pid)[0]!.slice(0, longestName);
      return interpreterNames.test(basename(name)) || this.#isNameOfPython(name)
        ? { pid, executable: undefined, isInterpreter: true }
        : undefined;
    }
    const { holds, calls } = /^python[\d.]*(?:-dbg|[dmu]*)$/.test(basename(executable))
      ? { holds: true, calls: true }
      : this.#executableOf(pid);
    if (holds) return { pid, executable, isInterpreter: true };
    const maps = mapsText(pid);
    if (mappedInterpreter.test(maps)) return { pid, executable, isInterpreter: true, isRun: true };
    return mappedLibrary.test(maps) ? { pid, executable, isInterpreter: calls } : undefined;
  }

  #executableOf(pid: number): Executable {
    const path = `/proc/${memoryOwner(pid)}/exe`;
    try {
      const { dev, ino } = statSync(path);
      const key = `${dev} ${ino}`;
      let known = this.#executables.get(key);
      if (known === undefined) {
        const source = FileSource.open(path);
        known = { holds: answers(holdsPython, source), calls: answers(callsPython, source) };
        source.close();
        this.#executables.set(key, known);
      }
      return known;
    } catch {
      // It ended, or cannot be opened.
      return { holds: false, calls: false };
    }
  }

  /**
   * Reads the Python's memory to say which it is, and whether it could be recorded. `undefined`: it maps no CPython
   * after all, or has ended meanwhile.
   */
  inspect(found: FoundPython): PythonState | undefined {
    const state = this.#stateOf(found);
    return state?.error && hasEnded(found.pid) ? undefined : state;
  }

  #stateOf({ pid, executable, isInterpreter, isRun }: FoundPython): PythonState | undefined {
    const named =
      isInterpreter && !isRun ? versionInName(executable ?? commandLine(pid)[0] ?? '') : undefined;
    const live = executable === undefined ? undefined : openLiveMemory(pid);
    if (!live) return { version: named, error: readError(pid) };
    try {
      const images = mappedImages(pid);
      const threadIds = () => innerIds(linuxThreadIds(pid));
      const location = findRuntime(images, live.memory, this.#files, threadIds);
      if (!location) {
        if (!images.some((image) => typeof this.#files.content(image, searchBudget()) === 'object'))
          return undefined;
        return { version: named, error: notRunning(pid, live.memory) };
      }
      const { runtime, layout, version } = location;
      const first = readPointer(live.memory, runtime + layout.runtime.interpretersHead);
      return { version, error: first === 0 ? notRunning(pid, live.memory, location) : undefined };
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      const version = error.detail['version'];
      return { version: typeof version === 'string' && /^\d/.test(version) ? version : named, error };
    } finally {
      live.close();
    }
  }
}

/** What a file has of CPython; those that export nothing of it are not read further. */
function contentOf(image: LinuxImage, budget: ByteBudget): FileContent {
  const opened = image.open();
  const source = opened && withByteBudget(opened, budget);
  const mayBe = source && (answers(mayHoldPython, source) || answers(isOtherKind, source));
  const file = mayBe ? readPythonFile(source, image.path) : undefined;
  if (!file) opened?.close();
  return source ? file : 'unopened';
}

/**
 * Whether it has CPython in it, by its symbols or, where it has none of them, by its constants. What is known to be of
 * another language, such as Node with its 60 MB of them, is not searched.
 */
function holdsPython(source: ByteSource): boolean {
  if (mayHoldPython(source)) return true;
  return languageRuntimeIn(source, '') === undefined && hasHiddenPython(source);
}

function answers(question: (source: ByteSource) => boolean, source: ByteSource): boolean {
  try {
    return question(source);
  } catch (error) {
    // A file that only begins like an executable.
    if (error instanceof PyglassError) return false;
    throw error;
  }
}

const mappedLibrary = /\/[^/\n]*python[^/\n]*\.so[^/\n]*$|\/python\d[^\n]*\.so$/m;
/** One that is not the executable: something else runs it. */
const mappedInterpreter = /\/python\d[\d.]*(?:-dbg|[dmtu]*)(?: \(deleted\))?$/m;

function versionInName(path: string): string | undefined {
  return /^python(\d(?:\.\d+)?)/.exec(basename(path.slice(-longestName)))?.[1];
}
