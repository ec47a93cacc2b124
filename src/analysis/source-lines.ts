import type { Profile } from '../model/profile.js';
import type { SourceFile, SourceLines } from '../model/source-text.js';
import { functionTable } from './function-table.js';
import { everything } from './view-options.js';

/** A function with the lines of it that were seen, in order. */
export interface SeenFunction {
  /** `co_name`. */
  readonly name: string;
  readonly firstLine: number;
  readonly lines: readonly number[];
}

/** Lines after the last one that was seen, as far as they are of the same function. */
const linesAfter = 5;
/** Of longer functions, only what is around the lines that were seen: this many before and after each. */
const longestWhole = 300;
const linesAround = 10;
/** The same of a module, whose first line says nothing. */
const linesAroundOfModule = 3;
/** What is longer is no line that anybody wrote, characters. */
const longestLine = 400;
/** Lines of decorators above a `def`. */
const mostDecoratorLines = 100;

/** The functions of Python in a recording, by file, those with most time first. */
export function seenFunctions(profile: Profile): Map<string, SeenFunction[]> {
  const { frames, functions } = profile;
  const lines = new Map<number, Set<number>>();
  for (let frame = 0; frame < frames.line.length; frame++) {
    const line = frames.line.at(frame);
    const fn = frames.function.at(frame);
    if (line <= 0 || functions[fn]?.kind !== 'python') continue;
    const seen = lines.get(fn) ?? new Set();
    lines.set(fn, seen.add(line));
  }
  const { rows } = functionTable(profile, everything, Number.POSITIVE_INFINITY);
  const byFile = new Map<string, SeenFunction[]>();
  for (const fn of new Set([...rows.map((row) => row.function), ...lines.keys()])) {
    const seen = lines.get(fn);
    const info = functions[fn];
    if (seen === undefined || info === undefined) continue;
    const { name, firstLine, file } = info;
    const ofFile = byFile.get(file) ?? [];
    ofFile.push({ name, firstLine, lines: [...seen].sort((a, b) => a - b) });
    byFile.set(file, ofFile);
  }
  return byFile;
}

/** Whether a name may be that of Python source: `text` is how the file begins. */
export function isPythonSource(file: string, text: string): boolean {
  return /\.pyw?$/.test(file) || /^#!.*\bpython/.test(text.slice(0, 200));
}

/**
 * The lines around what was seen of functions that do begin in `text` where the recording says. `undefined`: none does,
 * so it is another text than the one that ran.
 */
export function sourceParts(text: string, functions: readonly SeenFunction[]): SourceLines[] | undefined {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const wanted = new Set<number>();
  const there = functions.filter((fn) => isThere(lines, fn));
  // Where one has moved, what has no name of its own to be known by may have moved as well.
  const isSame = there.length === functions.length;
  for (const fn of there) if (isSame || !fn.name.startsWith('<')) addWanted(wanted, lines, fn);
  if (wanted.size === 0) return undefined;
  const parts: { first: number; lines: string[] }[] = [];
  for (const line of [...wanted].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    const shown = cutLine(lines[line - 1]!);
    if (last !== undefined && last.first + last.lines.length === line) last.lines.push(shown);
    else parts.push({ first: line, lines: [shown] });
  }
  return parts;
}

/** Lines of one function as far as they are in `source`: number and text of each, in order. */
export function excerptOf(
  { parts }: SourceFile,
  fn: SeenFunction,
): readonly { readonly line: number; readonly text: string }[] {
  const lines: string[] = [];
  const known = new Set<number>();
  for (const part of parts)
    for (const [at, text] of part.lines.entries()) {
      lines[part.first - 1 + at] = text;
      known.add(part.first + at);
    }
  const wanted = new Set<number>();
  const whole = Array.from(lines, (text) => text ?? '');
  if (isThere(whole, fn)) addWanted(wanted, whole, fn);
  return [...wanted]
    .filter((line) => known.has(line))
    .sort((a, b) => a - b)
    .map((line) => ({ line, text: lines[line - 1]! }));
}

/** A function begins with its `def` or its decorators, and code is in no empty line and in no comment. */
function isThere(lines: readonly string[], { name, firstLine, lines: seen }: SeenFunction): boolean {
  if (seen.some((line) => !isCode(lines[line - 1]))) return false;
  if (name === '<module>') return true;
  const first = lines[firstLine - 1];
  if (!isCode(first)) return false;
  if (name === '<lambda>') return /\blambda\b/.test(first);
  if (name.startsWith('<')) return true;
  for (let at = firstLine - 1; at < lines.length && at < firstLine + mostDecoratorLines; at++) {
    const [, defined] = /^\s*(?:async\s+def|def|class)\s+([^\s(:[\\]+)/.exec(lines[at]!) ?? [];
    if (defined !== undefined) return defined.normalize('NFKC') === name;
    if (at === firstLine - 1 && !/^\s*@/.test(lines[at]!)) return false;
  }
  return false;
}

function isCode(line: string | undefined): line is string {
  return line !== undefined && /^\s*[^\s#]/.test(line);
}

function addWanted(
  wanted: Set<number>,
  lines: readonly string[],
  { name, firstLine, lines: seen }: SeenFunction,
): void {
  const add = (from: number, to: number) => {
    for (let line = Math.max(1, from); line <= Math.min(to, lines.length); line++) wanted.add(line);
  };
  const isModule = name === '<module>';
  const last = seen.at(-1)!;
  if (!isModule && last - firstLine <= longestWhole) {
    add(firstLine, lastOfFunction(lines, firstLine, last));
    return;
  }
  const around = isModule ? linesAroundOfModule : linesAround;
  if (!isModule) add(firstLine, firstLine + 2);
  for (const line of seen) add(Math.max(line - around, isModule ? 1 : firstLine), line + around);
}

/** Some lines after the last one that was seen, up to what is indented no deeper than the first. */
function lastOfFunction(lines: readonly string[], firstLine: number, last: number): number {
  const indent = indentOf(lines[firstLine - 1]!);
  let end = last;
  for (let line = last + 1; line <= Math.min(last + linesAfter, lines.length); line++) {
    const text = lines[line - 1]!;
    if (text.trim() === '') continue;
    if (indentOf(text) <= indent && !/^\s*[)\]}]/.test(text)) break;
    end = line;
  }
  return end;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function cutLine(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`;
}
