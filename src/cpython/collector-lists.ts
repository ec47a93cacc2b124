import { pageSize } from '../memory/paged-memory.js';
import { highHalfLimit, isPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { readInterpreters } from './interpreters.js';
import type { Layout } from './layout.js';

/**
 * All objects that the garbage collector tracks lie in rings. Before each object there is a `PyGC_Head`, and the head
 * of each ring is one in the collector's state:
 *
 *   next   the two lowest bits are marks
 *   prev   as well; while a collection runs, something else
 *
 * CPython Include/internal/pycore_gc.h; a free-threaded build has no such rings (`collector-heaps.ts`).
 */
export const headSize = 16;
/** Bytes of the collector's state in which the heads of the rings are: 3.8 to 3.15 have them in the first 200. */
const stateBytes = 512;
/** Pages kept at a time: 64 MiB. */
const mostPages = 16_384;
/** The last objects of a ring, to go back to. */
const trailLength = 256;
/** Looks at one object before the one before it is tried, and in all for one ring. */
const looksAtOne = 2;
const mostRepairs = 2000;
/** Looks at a ring that changes while it is followed. */
const mostLooks = 4;
/** Objects between two questions whether it is too late. */
const objectsBetween = 4096;

export interface WalkLimits {
  /** Objects looked at, each as often as it is. */
  readonly mostObjects: number;
  /** Whether no more time is left. */
  readonly isLate: () => boolean;
}

/**
 * Calls `visit` with the address and the type of each tracked object, some of them more than once. Returns false when
 * there may be more: a ring changed each time, or a limit was reached.
 */
export function walkRings(
  source: CollectorSource,
  limits: WalkLimits,
  visit: (object: number, type: number) => void,
): boolean {
  const { memory, layout } = source;
  const walk = new Walk(memory, layout.object.type, limits, visit);
  return collectorStates(source)
    .map((state) => walk.rings(state))
    .every((isComplete) => isComplete);
}

export interface CollectorSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  /** Address of the runtime. */
  readonly runtime: number;
}

/** Addresses of the states of the collectors of all interpreters. */
export function collectorStates({ memory, layout, runtime }: CollectorSource): number[] {
  if (layout.runtime.gc >= 0) return [runtime + layout.runtime.gc];
  return readInterpreters(memory, layout, runtime).map(({ address }) => address + layout.interpreter.gc);
}

/** Heads of the rings that hold something: those words of a collector's state that an object points back to. */
export function headsIn(memory: TargetMemory, state: number): number[] {
  const found: number[] = [];
  for (let head = state; head < state + stateBytes; head += 8) {
    const next = pointerNow(memory, head);
    const previous = pointerNow(memory, head + 8);
    if (!isPointer(next) || !isPointer(previous) || next === head) continue;
    // Where the ring just changed, one of both still does.
    if (pointerNow(memory, next + 8) === head || pointerNow(memory, previous) === head) found.push(head);
  }
  return found;
}

/** The pointer at an address without its marks, as it is now; 0 when it cannot be read. */
export function pointerNow(memory: TargetMemory, address: number): number {
  const bytes = isPointer(address) ? memory.read(address, 8) : undefined;
  return bytes ? pointerIn(bytes) : 0;
}

/** The last objects that were passed. */
class Trail {
  readonly #kept = new Float64Array(trailLength);
  #end = 0;
  #count = 0;

  push(address: number): void {
    this.#kept[this.#end] = address;
    this.#end = (this.#end + 1) % trailLength;
    this.#count = Math.min(this.#count + 1, trailLength);
  }

  /** `undefined` when there is none any more. */
  pop(): number | undefined {
    if (this.#count === 0) return undefined;
    this.#count--;
    this.#end = (this.#end + trailLength - 1) % trailLength;
    return this.#kept[this.#end];
  }
}

class Walk {
  readonly #memory: TargetMemory;
  readonly #type: number;
  readonly #limits: WalkLimits;
  readonly #visit: (object: number, type: number) => void;
  readonly #words: PointerPages;
  #objects = 0;
  #isStopped = false;

  constructor(
    memory: TargetMemory,
    type: number,
    limits: WalkLimits,
    visit: (object: number, type: number) => void,
  ) {
    this.#memory = memory;
    this.#words = new PointerPages(memory);
    this.#type = type;
    this.#limits = limits;
    this.#visit = visit;
  }

  rings(state: number): boolean {
    const heads = new Map<number, boolean>();
    for (let look = 0; look < mostLooks && !this.#isStopped; look++) {
      this.#words.forget();
      for (const head of headsIn(this.#memory, state)) if (!heads.has(head)) heads.set(head, false);
      for (const [head, isWhole] of heads) if (!isWhole) heads.set(head, this.#ring(head, heads));
      if (heads.size > 0 && [...heads.values()].every((isWhole) => isWhole)) return true;
    }
    return false;
  }

  /** Whether it came back to the head. Where the ring changed it goes on from the last object that is in it still. */
  #ring(head: number, heads: ReadonlyMap<number, boolean>): boolean {
    const trail = new Trail();
    let before = head;
    let current = this.#words.at(head);
    for (let repairs = 0; current !== head; ) {
      if (this.#isOver()) return false;
      if (isPointer(current) && !heads.has(current) && this.#words.at(current + 8) === before) {
        const object = current + headSize;
        this.#visit(object, this.#words.at(object + this.#type));
        trail.push(before);
        before = current;
        current = this.#words.at(current);
        continue;
      }
      if (repairs++ === mostRepairs) return false;
      // The same one once more, then those before it; when none is in the ring any more, it begins anew.
      if (repairs % looksAtOne === 0) before = trail.pop() ?? head;
      current = this.#anew(before);
      this.#anew(current);
    }
    return true;
  }

  /** The pointer at an address, of a new copy. */
  #anew(address: number): number {
    this.#words.forgetPageOf(address);
    return this.#words.at(address);
  }

  #isOver(): boolean {
    this.#objects++;
    if (this.#objects > this.#limits.mostObjects) this.#isStopped = true;
    else if (this.#objects % objectsBetween === 0 && this.#limits.isLate()) this.#isStopped = true;
    return this.#isStopped;
  }
}

/** Pointers without their marks, of copies of the pages that they are on. */
export class PointerPages {
  readonly #memory: TargetMemory;
  readonly #pages = new Map<number, Uint8Array | undefined>();

  constructor(memory: TargetMemory) {
    this.#memory = memory;
  }

  /** All is copied anew. */
  forget(): void {
    this.#pages.clear();
  }

  /** The page of that address is copied anew. */
  forgetPageOf(address: number): void {
    this.#pages.delete(Math.floor(address / pageSize));
  }

  /** The one at an address; 0 when it cannot be read. */
  at(address: number): number {
    const number = Math.floor(address / pageSize);
    let page = this.#pages.get(number);
    if (!page && !this.#pages.has(number)) {
      if (this.#pages.size >= mostPages) this.#pages.clear();
      page = isPointer(address) ? this.#memory.read(number * pageSize, pageSize) : undefined;
      this.#pages.set(number, page);
    }
    const at = address - number * pageSize;
    return page && at + 8 <= pageSize ? pointerIn(page.subarray(at, at + 8)) : 0;
  }
}

/** Without its two lowest bits. */
function pointerIn(bytes: Uint8Array): number {
  const low = ((bytes[0]! & ~3) | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
  const high = (bytes[4]! | (bytes[5]! << 8) | (bytes[6]! << 16) | (bytes[7]! << 24)) >>> 0;
  return high < highHalfLimit ? high * 0x1_0000_0000 + low : 0;
}
