import { PyglassError } from '../model/error.js';
import type { ByteSource } from './byte-source.js';
import { type Elf, readElf } from './elf/elf.js';
import { exportedSymbol } from './elf/exported-symbol.js';

/** What runs a program that is not CPython, and who profiles it. */
export interface LanguageRuntime {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Another Python, rather than another language. */
  readonly isPython: boolean;
  /** What profiles it: a sentence, or commands to type (these begin with two spaces). `PID` stands for the process. */
  readonly profiler: readonly string[];
}

/** Marks of a file, any of which is enough. */
interface Marks {
  /** Exported by the executable or a library. */
  readonly symbols?: readonly string[];
  readonly sections?: readonly string[];
  /** Required of its name besides, where the marks are shared with others. */
  readonly fileName?: RegExp;
}

/** Those that also have libraries of others come first: GraalPy runs on Java. A new one is a line. */
const runtimes: readonly (LanguageRuntime & Marks)[] = [
  {
    ...{ id: 'pypy', name: 'PyPy', isPython: true },
    symbols: ['pypy_main_startup'],
    profiler: ['Run the program with CPython, or profile it from within with vmprof.'],
  },
  {
    // A native image of GraalVM has its heap in a section; others than GraalPy have one too.
    ...{ id: 'graalpy', name: 'GraalPy', isPython: true },
    sections: ['.svm_heap'],
    symbols: ['graal_create_isolate'],
    fileName: /graalpy|pythonvm/,
    profiler: [
      'Run the program with CPython, or profile it from its start:',
      '  graalpy --cpusampler app.py',
    ],
  },
  {
    ...{ id: 'node', name: 'Node.js', isPython: false },
    // node::Start(int, char**)
    symbols: ['_ZN4node5StartEiPPc'],
    profiler: ['To profile Node.js, start the program with:', '  node --cpu-prof app.js'],
  },
  {
    ...{ id: 'java', name: 'Java', isPython: false },
    symbols: ['JNI_CreateJavaVM'],
    profiler: ['To profile Java:', '  jcmd PID JFR.start duration=30s filename=profile.jfr'],
  },
  {
    ...{ id: 'go', name: 'Go', isPython: false },
    sections: ['.go.buildinfo', '.gopclntab', '.note.go.buildid'],
    profiler: ['To profile Go, with net/http/pprof or with perf:', '  perf record -g -p PID'],
  },
];

/** Which runtime a file is or holds; `undefined` when it is none that is known. `path`: its name. */
export function languageRuntimeIn(source: ByteSource, path: string): LanguageRuntime | undefined {
  const elf = quietly(() => readElf(source));
  if (!elf) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return runtimes.find((runtime) => quietly(() => hasMarks(elf, name, runtime)));
}

function hasMarks(elf: Elf, name: string, { symbols = [], sections = [], fileName }: Marks): boolean {
  if (fileName !== undefined && !fileName.test(name)) return false;
  if (sections.some((wanted) => elf.sections.some((section) => section.name === wanted))) return true;
  return symbols.some((symbol) => exportedSymbol(elf, symbol) !== undefined);
}

/** A file may hold anything, also what only begins like an executable. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PyglassError) return undefined;
    throw error;
  }
}
