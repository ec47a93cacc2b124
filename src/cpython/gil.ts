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
  const start = gilAddress(memory, layout, runtime, interpreter);
  const end = start === 0 ? 0 : start + gil.size;
  if (fields.gilThreadState >= 0) {
    const holder = readPointer(memory, runtime + fields.gilThreadState);
    return { start, end, holder: isPointer(holder) ? holder : 0, isEnabled: true };
  }
  if (start === 0) return { start, end, holder: 0, isEnabled: layout.freeThreading === undefined };
  const isEnabled = isGilEnabled(memory, layout, start);
  const locked = memory.read(start + gil.locked, 4);
  const isLocked = locked !== undefined && new ByteReader(locked).i32(0) === 1;
  const last = readPointer(memory, start + gil.lastHolder);
  const isHeld = isEnabled && isLocked && isPointer(last);
  return { start, end, holder: isHeld ? last : 0, isEnabled };
}

/**
 * Whether threads take the GIL at `gil`: in a free-threaded build only with PYTHON_GIL=1, or once an extension needs
 * it.
 */
export function isGilEnabled(memory: TargetMemory, { freeThreading }: Layout, gil: number): boolean {
  if (!freeThreading) return true;
  const enabled = memory.read(gil + freeThreading.gilEnabled, 4);
  return enabled !== undefined && new ByteReader(enabled).i32(0) !== 0;
}

/** Where the GIL of an interpreter lies; 0 when that is not known, or there is none (yet). */
export function gilAddress(
  memory: TargetMemory,
  { runtime: fields, interpreter: ofInterpreter, python2 }: Layout,
  runtime: number,
  interpreter: number,
): number {
  if (fields.gil >= 0) return runtime + fields.gil;
  const lock = python2?.lock ?? -1;
  if (lock < 0 && ofInterpreter.gil < 0) return 0;
  const address = readPointer(memory, lock < 0 ? interpreter + ofInterpreter.gil : runtime + lock);
  return isPointer(address) ? address : 0;
}
