import { closeSync, openSync } from 'node:fs';
import { isPythonSource, type SeenFunction, seenFunctions, sourceParts } from '../analysis/source-lines.js';
import { emptyStack, type Profile } from '../model/profile.js';
import type { SourceFile } from '../model/source-text.js';
import { type FileRoot, fileInRoot, pathOnly } from '../process/file-in-root.js';
import type { SourceRoots } from '../process/source-roots.js';

/** What was found of the source of a recording. */
export interface FoundSources {
  readonly sources: readonly SourceFile[];
  /** Files that could not be read, or are others than those that ran. */
  readonly missing: number;
  /** Of those found, how many were changed since. */
  readonly newer: number;
}

/** Bytes: what is larger was written by a program. */
const largestFile = 2 << 20;
/** Bytes that are read of all files. */
const mostRead = 256 << 20;
/** Files, and characters of them in a page: some 100,000 lines. */
const mostFiles = 5000;
const mostText = 4 << 20;

/**
 * The lines of source around what a recording has, read where they are: `roots` of its processes, else, with none, our
 * own files. The functions with most time come first, as far as the limits go.
 */
export function readSources(profile: Profile, roots?: SourceRoots): FoundSources {
  const sources: SourceFile[] = [];
  const counts = { missing: 0, read: 0, kept: 0 };
  const places = roots ? placesByFile(profile, roots) : ownFiles(profile);
  try {
    for (const [file, functions] of seenFunctions(profile)) {
      // `<string>` and the like were never files.
      if (file === '' || file.startsWith('<')) continue;
      const isRoom = sources.length < mostFiles && counts.read < mostRead && counts.kept < mostText;
      const source = isRoom ? sourceOf(file, functions, places.of(file), counts) : undefined;
      if (source === undefined) counts.missing++;
      else sources.push(source);
    }
  } finally {
    places.close();
  }
  const newer = sources.filter(({ isNewer }) => isNewer).length;
  return { sources, missing: counts.missing, newer };
}

function sourceOf(
  file: string,
  functions: readonly SeenFunction[],
  place: Place | undefined,
  counts: { read: number; kept: number },
): SourceFile | undefined {
  if (place === undefined) return undefined;
  const found = fileInRoot(place, file, largestFile);
  if (found === undefined) return undefined;
  counts.read += found.bytes.length;
  const text = textOf(found.bytes);
  if (text === undefined || !isPythonSource(file, text)) return undefined;
  const parts = sourceParts(text, functions);
  if (parts === undefined) return undefined;
  for (const { lines } of parts) for (const line of lines) counts.kept += line.length + 1;
  return { file, isNewer: found.changedAt > place.startedAt, parts };
}

/** Where a file is looked for, and since when it should be as it is, milliseconds since the epoch. */
type Place = FileRoot & { readonly startedAt: number };

interface Places {
  of(file: string): Place | undefined;
  close(): void;
}

/** A relative path says nothing here. */
function ownFiles({ info }: Profile): Places {
  const root = { root: openSync('/', pathOnly), startedAt: info.startedAt };
  return { of: () => root, close: () => closeSync(root.root) };
}

/** Each file as the first process found it that ran code of it. */
function placesByFile(profile: Profile, roots: SourceRoots): Places {
  const { runs, stacks, frames, functions, threads, processes } = profile;
  const processOf = new Int32Array(stacks.frame.length).fill(-1);
  for (let run = 0; run < runs.stack.length; run++) {
    const stack = runs.stack.at(run);
    if (processOf[stack] === -1) processOf[stack] = threads[runs.thread.at(run)]?.process ?? -1;
  }
  const byFile = new Map<string, number>();
  for (let stack = processOf.length - 1; stack > emptyStack; stack--) {
    const process = processOf[stack]!;
    if (process < 0) continue;
    const parent = stacks.parent.at(stack);
    if (processOf[parent] === -1) processOf[parent] = process;
    const fn = functions[frames.function.at(stacks.frame.at(stack))];
    if (fn !== undefined && !byFile.has(fn.file)) byFile.set(fn.file, process);
  }
  return {
    of: (file) => {
      const { pid, parentPid } = processes[byFile.get(file) ?? 0] ?? { pid: 0, parentPid: 0 };
      return roots.of(pid, parentPid);
    },
    close: () => {},
  };
}

/** As the file itself says (PEP 263), UTF-8 without a word. `undefined`: it is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  const begin = new TextDecoder('latin1').decode(bytes.subarray(0, 500)).split('\n', 2).join('\n');
  const [, encoding = 'utf-8'] = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(begin) ?? [];
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
