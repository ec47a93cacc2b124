import { cachedMemory } from '../memory/cached-memory.js';
import { isPointer, pointerAt, readPointer } from '../memory/pointers.js';
import type { Steps } from '../memory/steps.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { CollectorSource, WalkLimits } from './collector-lists.js';
import { readInterpreters, readThreadStates } from './interpreters.js';
import type { Layout } from './layout.js';

/**
 * A free-threaded build has no lists of objects. All that its collector tracks lies in two heaps of mimalloc that each
 * thread has for that (CPython Python/gc_free_threading.c, `gc_visit_heaps`), within `_PyThreadStateImpl.mimalloc`:
 *
 *   heaps   four of them: memory, objects that are not tracked, those that are, and those with two words before them
 *   tld     follows the heaps; each of them begins with its address
 *
 * A heap has queues of pages, and a page has blocks of one size. mimalloc differs from one release of 3.14 to the next,
 * so which one it is follows from the size of a heap.
 */
interface HeapLayout {
  readonly size: number;
  readonly queues: number;
  /** Of `mi_segment_t`: its pages, one after the other. */
  readonly slices: number;
  /** Fields of `mi_page_t`. */
  readonly page: {
    readonly size: number;
    readonly blockSize: number;
    /** -1: it follows from where the page is, and from the size of a block. */
    readonly start: number;
    readonly heap: number;
    readonly next: number;
  };
}

/** mimalloc 2.1 (3.13, 3.14) and 2.5 (later releases of 3.14 and 3.15). */
const heapLayouts: readonly HeapLayout[] = [
  {
    ...{ size: 3064, queues: 1040, slices: 264 },
    page: { size: 96, blockSize: 28, start: -1, heap: 48, next: 56 },
  },
  {
    ...{ size: 3088, queues: 1288, slices: 288 },
    page: { size: 112, blockSize: 40, start: 48, heap: 64, next: 72 },
  },
];
const heapsOfThread = 4;
/** Which have what the collector tracks, and bytes before an object: in the second its dict and weak references. */
const trackedHeaps: readonly (readonly [heap: number, before: number])[] = [
  [2, 0],
  [3, 16],
];
/** Bytes before that which a block may have: with `PYTHONMALLOC=debug`, its size and a mark. */
const bytesBefore: readonly number[] = [0, 16];
/** Bytes of a thread state in which its heaps begin: 3.13 to 3.15 have them in the first 1200. */
const threadBytes = 2048;
const [queueCount, queueSize] = [75, 24];
/** `mi_page_t.capacity`, u16: blocks that were ever handed out, or may be next. */
const capacity = 10;
const [segmentSize, sliceSize] = [2 ** 25, 2 ** 16];
/** Blocks that are larger have arrays, such as tuples, and no objects that anybody looks for. */
const largestBlock = 8192;
const tracked = 1;
/** More pages than any heap has: 64 GiB. */
const mostPages = 2 ** 20;
/** Objects that are passed in one step: some 0.3 ms. */
const perStep = 16_384;
/** How often a queue is passed that changes meanwhile, in one walk. */
const mostTries = 4;
/** Objects beside each other are passed in the time of one that has to be followed from the one before. */
const fasterBy = 16;

const none: ReadonlyMap<number, Uint32Array> = new Map();

export interface HeapWalk {
  /** Objects passed. */
  readonly passed: number;
  /** Nothing was left out, as far as can be seen. */
  readonly isComplete: boolean;
}

interface Heap {
  readonly address: number;
  readonly before: number;
  readonly layout: HeapLayout;
}

interface Page {
  readonly words: Uint32Array;
  readonly heap: number;
  readonly start: number;
  readonly blockSize: number;
  readonly count: number;
  readonly next: number;
}

type Visit = (object: number, type: number) => void;

/** The objects that the collector of a free-threaded build tracks. Those of threads that ended are not found. */
export class HeapObjects {
  readonly #source: CollectorSource;
  /** By its address, each page as it was when its objects were passed. */
  #passed: ReadonlyMap<number, Uint32Array> = none;

  constructor(source: CollectorSource) {
    this.#source = source;
  }

  /**
   * `from`: all objects, or those on pages of which blocks were taken or given back since the last walk. Of a queue 16
   * times `most` are passed at most.
   */
  *walk(from: 'all' | 'last', most: number, visit: Visit): Steps<HeapWalk> {
    const pass = new Pass(this.#source, visit, from === 'all' ? none : this.#passed);
    let isComplete = true;
    for (const heaps of heapsOfThreads(this.#source)) {
      if (!heaps) isComplete = false;
      for (const heap of heaps ?? []) {
        const queues = queuesOf(this.#source.memory, heap);
        if (!queues) isComplete = false;
        for (const address of queues ?? []) {
          const isWhole = yield* pass.queue(heap, address, most * fasterBy);
          isComplete &&= isWhole;
        }
      }
    }
    this.#passed = pass.pages;
    return { passed: pass.objects, isComplete };
  }
}

/** As `walkRings`. */
export function walkHeaps(
  source: CollectorSource,
  { mostObjects, isLate }: WalkLimits,
  visit: Visit,
): boolean {
  const walk = new HeapObjects(source).walk('all', mostObjects, visit);
  while (!isLate()) {
    const { done, value } = walk.next();
    if (done) return value.isComplete;
  }
  return false;
}

/** `undefined`, of a thread: its heaps are not like those that are known. */
function* heapsOfThreads({ memory, layout, runtime }: CollectorSource): Generator<Heap[] | undefined> {
  for (const { address } of readInterpreters(memory, layout, runtime)) {
    // Any object of which it is known where it lies.
    const modules = readPointer(memory, address + layout.interpreter.modules);
    for (const thread of readThreadStates(memory, layout, address)) {
      const found = findHeaps(memory, thread.address);
      const more = found && bytesBeforeObject(memory, found.layout, modules);
      yield more === undefined
        ? undefined
        : trackedHeaps.map(([number, before]) => ({
            address: found!.address + number * found!.layout.size,
            before: before + more,
            layout: found!.layout,
          }));
    }
  }
}

function findHeaps(memory: TargetMemory, threadState: number): Pick<Heap, 'address' | 'layout'> | undefined {
  const bytes = memory.read(threadState, threadBytes);
  const words = bytes && wordsIn(bytes);
  for (let at = 0; words && at < threadBytes; at += 8) {
    const address = threadState + at;
    const after = pointerAt(words, at);
    const layout = heapLayouts.find(({ size }) => after === address + heapsOfThread * size);
    const others = Array.from({ length: heapsOfThread - 1 }, (_, other) => other + 1);
    if (layout && others.every((other) => readPointer(memory, address + other * layout.size) === after))
      return { address, layout };
  }
  return undefined;
}

/** What a block has before an object. `undefined`: that object does not lie where one can lie. */
function bytesBeforeObject(memory: TargetMemory, layout: HeapLayout, object: number): number | undefined {
  const segment = object - (object % segmentSize);
  const slice = Math.floor((object - segment) / sliceSize);
  const page = readPage(memory, layout, segment + layout.slices + slice * layout.page.size);
  const before = page ? (object - page.start) % page.blockSize : -1;
  return bytesBefore.find((bytes) => bytes === before);
}

/** Addresses of the queues that have a page; `undefined` when they cannot be read. */
function queuesOf(memory: TargetMemory, { address, layout }: Heap): number[] | undefined {
  const queues = address + layout.queues;
  const bytes = memory.read(queues, queueCount * queueSize);
  if (!bytes) return undefined;
  const words = wordsIn(bytes);
  const found: number[] = [];
  for (let at = 0; at < words.length * 4; at += queueSize)
    if (words[at >> 2] !== 0 || words[(at >> 2) + 1] !== 0) found.push(queues + at);
  return found;
}

/** The pages of all heaps, each once. */
class Pass {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #visit: Visit;
  readonly #last: ReadonlyMap<number, Uint32Array>;
  /** What was passed, as it was then; what was left out, as it was when it was passed before. */
  readonly pages = new Map<number, Uint32Array>();
  objects = 0;
  #inStep = 0;

  constructor({ memory, layout }: CollectorSource, visit: Visit, last: ReadonlyMap<number, Uint32Array>) {
    this.#memory = memory;
    this.#layout = layout;
    this.#visit = visit;
    this.#last = last;
  }

  /** Returns whether all of its pages were passed. */
  *queue(heap: Heap, address: number, most: number): Steps<boolean> {
    const end = this.objects + most;
    for (let tries = 0; tries < mostTries; tries++) {
      const seen = new Set<number>();
      let memory = cachedMemory(this.#memory);
      let at = readPointer(memory, address);
      let last = 0;
      while (isPointer(at) && !seen.has(at) && seen.size < mostPages) {
        const page = readPage(memory, heap.layout, at);
        if (page?.heap !== heap.address || !this.#pass(heap, at, page, end)) break;
        seen.add(at);
        last = at;
        at = page.next;
        if (this.#inStep < perStep) continue;
        this.#inStep = 0;
        yield;
        memory = cachedMemory(this.#memory);
      }
      // Pages go from one queue to another as they fill, and what follows is of that one then.
      if (at === 0 && last === readPointer(this.#memory, address + 8)) return this.objects < end;
    }
    return false;
  }

  /** False when it cannot be read. */
  #pass(heap: Heap, address: number, page: Page, end: number): boolean {
    if (this.pages.has(address)) return true;
    const before = this.#last.get(address);
    const isAsBefore = before !== undefined && isSame(before, page.words, heap.layout);
    if (!isAsBefore && this.objects < end) {
      if (!this.#visitObjects(heap, page)) return false;
      this.pages.set(address, page.words);
    } else if (before) this.pages.set(address, before);
    return true;
  }

  #visitObjects({ before }: Heap, { start, blockSize, count }: Page): boolean {
    const { object, freeThreading } = this.#layout;
    if (count === 0 || blockSize > largestBlock || blockSize < before + object.size) return true;
    // Blocks up to `largestBlock` are on pages of one slice. What says otherwise is no page any more.
    const bytes = count * blockSize <= sliceSize ? this.#memory.read(start, count * blockSize) : undefined;
    if (!bytes) return false;
    const words = wordsIn(bytes);
    const flags = freeThreading!.collectorBits;
    for (let at = before; at < bytes.length; at += blockSize) {
      // A block that was given back is not tracked, whatever else of it is there still.
      if ((bytes[at + flags]! & tracked) === 0) continue;
      const type = pointerAt(words, at + object.type);
      if (isPointer(type)) this.#visit(start + at, type);
    }
    this.objects += count;
    this.#inStep += count;
    return true;
  }
}

/** `undefined`: there is none. */
function readPage(memory: TargetMemory, { slices, page }: HeapLayout, address: number): Page | undefined {
  const segment = address - (address % segmentSize);
  const slice = (address - segment - slices) / page.size;
  const bytes = Number.isInteger(slice) && slice > 0 ? memory.read(address, page.size) : undefined;
  if (!bytes) return undefined;
  const words = wordsIn(bytes);
  const blockSize = words[page.blockSize >> 2]!;
  const start =
    page.start < 0 ? segment + slice * sliceSize + pageOffset(blockSize) : pointerAt(words, page.start);
  const count = words[capacity >> 2]! >>> 16;
  const [heap, next] = [pointerAt(words, page.heap), pointerAt(words, page.next)];
  return { words, heap, start, blockSize, count, next };
}

/** Objects/mimalloc/segment.c, `_mi_segment_page_start_from_slice`. */
function pageOffset(blockSize: number): number {
  return blockSize <= 64 ? 3 * blockSize : blockSize <= 512 ? blockSize : 0;
}

/** The lists of free blocks and their number, with all else before the heap. */
function isSame(a: Uint32Array, b: Uint32Array, { page }: HeapLayout): boolean {
  for (let at = 2; at < page.heap >> 2; at++) if (a[at] !== b[at]) return false;
  return true;
}

function wordsIn(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}
