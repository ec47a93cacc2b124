import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';

/** The lock of an interpreter, as it is at one moment. */
export interface Gil {
  /** Where its mutexes and conditions lie: who waits for it waits on an address in here. Both 0 when unknown. */
  readonly start: number;
  readonly end: number;
  /** Thread state that holds it, 0: nobody does. */
  readonly holder: number;
  /** False in a free-threaded build that runs without: then nobody holds it, and all threads may run. */
  readonly isEnabled: boolean;
}

/** Up to 3.11 there is one for all interpreters; from 3.12 an interpreter may have its own. */
export function readGil(memory: TargetMemory, layout: Layout, runtime: number, interpreter: number): Gil {
  const { runtime: fields, gil } = layout;
  if (fields.gil >= 0) {
    const start = runtime + fields.gil;
    const holder = readPointer(memory, runtime + fields.gilThreadState);
    return { start, end: start + gil.size, holder: isPointer(holder) ? holder : 0, isEnabled: true };
  }
  const start = readPointer(memory, interpreter + layout.interpreter.gil);
  if (!isPointer(start))
    return { start: 0, end: 0, holder: 0, isEnabled: layout.freeThreading === undefined };
  const isEnabled = isGilEnabled(memory, layout, start);
  const locked = memory.read(start + gil.locked, 4);
  const isLocked = locked !== undefined && new ByteReader(locked).i32(0) === 1;
  const last = readPointer(memory, start + gil.lastHolder);
  const isHeld = isEnabled && isLocked && isPointer(last);
  return { start, end: start + gil.size, holder: isHeld ? last : 0, isEnabled };
}

/** Whether threads take the GIL at `gil`: in a free-threaded build only with PYTHON_GIL=1, or once an extension needs it. */
export function isGilEnabled(memory: TargetMemory, { freeThreading }: Layout, gil: number): boolean {
  if (!freeThreading) return true;
  const enabled = memory.read(gil + freeThreading.gilEnabled, 4);
  return enabled !== undefined && new ByteReader(enabled).i32(0) !== 0;
}
