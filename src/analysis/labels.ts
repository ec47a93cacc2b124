import type { FunctionInfo, ProcessInfo, ThreadInfo } from '../model/profile.js';
import type { ViewOptions } from './view-options.js';

type Naming = Pick<ViewOptions, 'lines' | 'fullFileNames'>;

/** `qualified_name (file:line)`; C functions and our own marks are their name alone. */
export function frameLabel(fn: FunctionInfo, line: number, naming: Naming): string {
  const name = functionName(fn);
  const place = framePlace(fn, line, naming);
  return place === '' ? name : `${name} (${place})`;
}

export function functionName(fn: FunctionInfo): string {
  return fn.qualifiedName || fn.name || '<unnamed>';
}

/** `file:line`, `file` when no line is known or wanted, or nothing. */
export function framePlace(fn: FunctionInfo, line: number, naming: Naming): string {
  const file = fileName(fn, naming);
  const shown = shownLine(fn, line, naming);
  return file === '' || shown === 0 ? file : `${file}:${shown}`;
}

export function fileName(fn: FunctionInfo, naming: Naming): string {
  if (fn.kind !== 'python') return '';
  return naming.fullFileNames ? fn.file : fn.shortFile || fn.file;
}

/** The line a frame is shown with; 0 for none. */
export function shownLine(fn: FunctionInfo, line: number, naming: Naming): number {
  if (fn.kind !== 'python' || naming.lines === 'none') return 0;
  return naming.lines === 'function' ? fn.firstLine : line;
}

export function threadLabel(thread: ThreadInfo): string {
  const head = `thread (${thread.threadId})`;
  return thread.name === '' ? head : `${head}: ${thread.name}`;
}

export function processLabel(process: ProcessInfo): string {
  const head = `process ${process.pid}`;
  return process.commandLine.length === 0 ? head : `${head}: ${process.commandLine.join(' ')}`;
}
