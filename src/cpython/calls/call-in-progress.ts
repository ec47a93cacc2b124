import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { CallKind } from './call-sites.js';
import { readCallable } from './callables.js';
import type { CodeCalls, FrameCall } from './code-calls.js';
import { readGlobal } from './globals.js';

interface FrameInCall {
  readonly frame: number;
  readonly instruction: number;
  readonly blocked: boolean;
  readonly mayBeOver?: boolean;
}

/**
 * The name of the C function that the frame at `frame` is calling, for a look at one moment; `undefined` when it
 * calls none or that is not certain: what lies where the callable lay may be what the call gave back, unless it has
 * the name by which the callable was loaded or the thread is `blocked` in the kernel, and not by the GIL. `mayBeOver`:
 * it may also be over then, unless the callable is still in the variable that it was loaded from.
 */
export function callInProgress(
  memory: TargetMemory,
  layout: Layout,
  calls: CodeCalls,
  { frame, instruction, blocked, mayBeOver = false }: FrameInCall,
): string | undefined {
  const call = calls.at(instruction >>> 0);
  if (!call) return undefined;
  if (layout.frame.stackPointer >= 0) {
    const end = readPointer(memory, frame + layout.frame.stackPointer) - frame;
    if (!(end >= call.offset + (call.kind === CallKind.call ? 16 : 8))) return undefined;
  }
  const objectAt = (offset: number) => {
    const reference = readPointer(memory, frame + offset);
    return reference - (reference % 8);
  };
  const isNext = call.orNext && !isPointer(objectAt(call.offset));
  const offset = isNext ? call.offset + 8 : call.offset;
  const callable = objectAt(offset);
  const { name } = readCallable(memory, layout, callable, call.kind, objectAt(offset + 8));
  if (name === '') return undefined;
  const hasItsName = call.name !== undefined && name.slice(name.lastIndexOf('.') + 1) === call.name;
  const givesBack = call.kind === CallKind.call && layout.frame.stackPointer < 0;
  if (hasItsName || (blocked && !(mayBeOver && givesBack))) return name;
  if (!blocked) return undefined;
  const global = (of: string) => readGlobal(memory, layout, objectAt(layout.frame.globals), of);
  return sourceOf(call, objectAt, global) === callable ? name : undefined;
}

/** What is in the variable that a callable was loaded from; 0: it came from elsewhere. */
function sourceOf(
  { local, name, isGlobal }: FrameCall,
  objectAt: (offset: number) => number,
  global: (name: string) => number,
): number {
  if (local >= 0) return objectAt(local);
  return isGlobal && name !== undefined ? global(name) : 0;
}
