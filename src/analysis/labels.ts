import { routeContext } from '../model/context.js';
import type { FunctionInfo, ProcessInfo, ThreadInfo } from '../model/profile.js';
import type { ViewOptions } from './view-options.js';

type Naming = Pick<ViewOptions, 'lines' | 'fullFileNames'>;

/**
 * Longer names are cut, and end in an ellipsis: a label may be repeated in each of a hundred thousand lines. Longer
 * paths lose their beginning.
 */
export const longestLabel = 1000;

/** `qualified_name (file:line)`; C functions and synthetic frames are their name alone. */
export function frameLabel(fn: FunctionInfo, line: number, naming: Naming): string {
  const name = functionName(fn);
  const location = frameLocation(fn, line, naming);
  return location === '' ? name : `${name} (${location})`;
}

export function functionName(fn: FunctionInfo): string {
  return shortened(fn.qualifiedName || fn.name || '<unnamed>');
}

/** `file:line`, `file` when no line is known or wanted, or nothing. */
export function frameLocation(fn: FunctionInfo, line: number, naming: Naming): string {
  const file = fileName(fn, naming);
  const shown = shownLine(fn, line, naming);
  return file === '' || shown === 0 ? file : `${file}:${shown}`;
}

export function fileName(fn: FunctionInfo, naming: Naming): string {
  if (fn.kind !== 'python') return '';
  const file = naming.fullFileNames ? fn.file : fn.shortFile || fn.file;
  return file.length <= longestLabel ? file : `…${withoutHalves(file.slice(1 - longestLabel))}`;
}

/** The line a frame is shown with; 0 for none. */
export function shownLine(fn: FunctionInfo, line: number, naming: Naming): number {
  if (fn.kind !== 'python' || naming.lines === 'none') return 0;
  return naming.lines === 'function' ? fn.firstLine : line;
}

export function threadLabel(thread: ThreadInfo): string {
  if (thread.isTask) return shortened(`task ${thread.name || '<unnamed>'}`);
  const head = `thread (${thread.threadId})`;
  return thread.name === '' ? head : shortened(`${head}: ${thread.name}`);
}

export function processLabel(process: ProcessInfo): string {
  let label = `process ${process.pid}`;
  for (const [index, word] of process.commandLine.entries()) {
    if (label.length > longestLabel) break;
    label += `${index === 0 ? ':' : ''} ${shortened(word)}`;
  }
  return shortened(label);
}

/** Of what has a value of a label; `undefined`: it has none. */
export function contextLabel(key: string, value: string | undefined): string {
  if (key === routeContext) return shortened(value ?? 'no request');
  return shortened(value === undefined ? `no ${key}` : `${key}: ${value}`);
}

function shortened(text: string): string {
  return text.length <= longestLabel ? text : `${withoutHalves(text.slice(0, longestLabel - 1))}…`;
}

/** Text that was cut from another, without the half of a surrogate pair that this may have left at an end. */
function withoutHalves(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
