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
}

/** Up to 3.11 there is one for all interpreters; from 3.12 an interpreter may have its own. */
export function readGil(memory: TargetMemory, layout: Layout, runtime: number, interpreter: number): Gil {
  const { runtime: fields, gil } = layout;
  const start = gilAddress(memory, layout, runtime, interpreter);
  const end = start === 0 ? 0 : start + gil.size;
  if (fields.gilThreadState >= 0) {
    const holder = readPointer(memory, runtime + fields.gilThreadState);
    return { start, end, holder: isPointer(holder) ? holder : 0 };
  }
  if (start === 0) return { start, end, holder: 0 };
  const locked = memory.read(start + gil.locked, 4);
  const isLocked = locked !== undefined && new ByteReader(locked).i32(0) === 1;
  const last = readPointer(memory, start + gil.lastHolder);
  return { start, end, holder: isLocked && isPointer(last) ? last : 0 };
}

/** Where the GIL of an interpreter lies; 0 when that is not known, or there is none (yet). */
export function gilAddress(
  memory: TargetMemory,
  { runtime: fields, interpreter: ofInterpreter }: Layout,
  runtime: number,
  interpreter: number,
): number {
  if (fields.gil >= 0) return runtime + fields.gil;
  const pointerAt = fields.lock >= 0 ? runtime + fields.lock : interpreter + ofInterpreter.gil;
  if (fields.lock < 0 && ofInterpreter.gil < 0) return 0;
  const address = readPointer(memory, pointerAt);
  return isPointer(address) ? address : 0;
}
