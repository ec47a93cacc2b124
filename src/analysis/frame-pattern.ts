import type { FunctionInfo } from '../model/profile.js';

/** A function as lists of known functions name it: `end of the file's path:function`. */
export interface FramePattern {
  /** The end of a path, of whole names: `queue.py` is the end of `/usr/lib/python3.11/queue.py`. */
  readonly file: string;
  /** The code's name, or the qualified one where the Python has it: `get` or `Queue.get`. */
  readonly name: string;
}

/** `undefined` when the text is not of that form. */
export function parseFramePattern(text: string): FramePattern | undefined {
  const [, file, name] = /^\s*([^\s:](?:[^:]*[^\s:])?):([^\s:/]+)\s*$/.exec(text) ?? [];
  return file === undefined || name === undefined ? undefined : { file, name };
}

export function matchesFrame(fn: FunctionInfo, { file, name }: FramePattern): boolean {
  return (fn.name === name || fn.qualifiedName === name) && isFile(fn.file, file);
}

function isFile(file: string, ending: string): boolean {
  return (
    file.endsWith(ending) && (file.length === ending.length || file[file.length - ending.length - 1] === '/')
  );
}
