import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Layout } from '../layout.js';
import { CallKind } from './call-sites.js';
import { readCallable } from './callables.js';
import type { CodeCalls } from './code-calls.js';

/**
 * The name of the C function that the frame at `frame` is calling, for a look at one moment; `undefined` when it
 * calls none or that is not certain: what lies where the callable lay may be what the call gave back, unless it has
 * the name by which the callable was loaded or the thread is `blocked` in the kernel, and not by the GIL.
 */
export function callInProgress(
  memory: TargetMemory,
  layout: Layout,
  calls: CodeCalls,
  { frame, instruction, blocked }: { frame: number; instruction: number; blocked: boolean },
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
  const { name } = readCallable(memory, layout, objectAt(offset), call.kind, objectAt(offset + 8));
  const hasItsName = call.name !== undefined && name.slice(name.lastIndexOf('.') + 1) === call.name;
  return name !== '' && (hasItsName || blocked) ? name : undefined;
}
