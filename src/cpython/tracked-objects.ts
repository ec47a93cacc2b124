import { isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { walkHeaps } from './collector-heaps.js';
import { type CollectorSource, headSize, pointerNow, type WalkLimits, walkRings } from './collector-lists.js';
import type { Layout } from './layout.js';

/** The lowest of an object's flags in a free-threaded build. */
const tracked = 1;
/** Looks at an object and the one after it, which come and go. */
const mostLooks = 8;

/**
 * Calls `visit` with the address and the type of each object that the garbage collector tracks, some of them more than
 * once. Returns false when there may be more.
 */
export function walkTracked(
  source: CollectorSource,
  limits: WalkLimits,
  visit: (object: number, type: number) => void,
): boolean {
  return source.layout.freeThreading ? walkHeaps(source, limits, visit) : walkRings(source, limits, visit);
}

/** Bytes that say whether the collector has an object. */
export function trackedPart({ freeThreading }: Layout, object: number): { address: number; length: number } {
  // Its byte with flags is the last of four.
  return freeThreading
    ? { address: object + freeThreading.collectorBits - 3, length: 4 }
    : { address: object - headSize, length: 8 };
}

/** What a copy of these bytes says, at that word of it. */
export function isTrackedIn({ freeThreading }: Layout, words: Uint32Array, at: number): boolean {
  return freeThreading ? (words[at]! >>> 24) % 2 === tracked : words[at] !== 0 || words[at + 1] !== 0;
}

/**
 * Whether the collector still has an object: what is gone keeps most of its bytes for a while. `undefined`: it cannot
 * be known, as what is beside it changes each time.
 */
export function isTrackedAt(
  memory: TargetMemory,
  { freeThreading }: Layout,
  object: number,
): boolean | undefined {
  if (freeThreading) return (memory.read(object + freeThreading.collectorBits, 1)?.[0] ?? 0) % 2 === tracked;
  const head = object - headSize;
  for (let look = 0; look < mostLooks; look++) {
    const next = pointerNow(memory, head);
    if (!isPointer(next) || pointerNow(memory, head + 8) === 0) return false;
    if (pointerNow(memory, next + 8) === head) return true;
  }
  return undefined;
}
