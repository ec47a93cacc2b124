import { cachedMemory } from '../../memory/cached-memory.js';
import { isPointer, pointerAt } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { grown } from '../../model/grown.js';
import type { Layout } from '../layout.js';
import { type Chunk, DataStack } from './data-stack.js';
import { FrameCheck } from './frame-check.js';
import { deepestStack } from './reading.js';

/** Bytes of a chunk that are read beyond the highest frame seen, so that a few more calls need no second read. */
const slack = 768;
/** A single frame's locals and stack stay below this. */
export const largestFrame = 1 << 16;
/** Bytes between two frames that are copied along rather than left out. */
const nearFrames = 1024;
/**
 * Frames in a row that were part of the read before, after which those further out are taken to be as well. Between
 * frames in chunks may stand those of generators, which are not; to follow a few more takes some microseconds.
 */
const mostKnown = 8;
/** Bytes by which one look for frames may make the copy longer. */
const mostCopied = 32 << 20;
/** More regions than the current frames need are kept, since the same callees come again; but not more than this. */
const spareChunks = 32;
/** Up to 3.10, where each function has a frame object of its own that is used again and again. */
const spareFrames = 256;
/** Later single frames are of generators and coroutines, which come and go: each would make the copy 0.1 µs longer. */
const spareGenerators = 8;

/**
 * Where the frames of one thread lay of late, which is what the next read copies:
 *
 *   up to 3.10   frame objects on the heap: one region a frame
 *   from 3.11    chunks of the thread's data stack: one region a chunk; frames of generators and coroutines lie in
 *                their heap objects: one region each
 *
 * Regions of chunks come first, those of single frames after them. The columns are public for the walk, which looks
 * into them for every frame; only `needed` and `callers` are written there.
 */
export class FrameRegions {
  addresses = new Float64Array(16);
  lengths = new Float64Array(16);
  /** Where the region begins in the copy, in bytes; -1: the copy was made before it was added, or made longer. */
  offsets = new Int32Array(16);
  /** Bytes of the region that some walk since the last review needed; 0: none did. */
  needed = new Float64Array(16);
  /** Bytes that the region can have: to the end of its chunk, or as many as any frame needs. */
  limits = new Float64Array(16);
  /**
   * Of a region that is a single frame: its caller when that was last seen; 0: never. Leaving the frame cuts the link.
   */
  callers = new Float64Array(16);
  /**
   * 1: a chunk that was unmapped before. A program that calls across the end of a chunk over and over has it mapped and
   * unmapped each time (up to 3.14), so such chunks are read last, where one that is missing costs nothing.
   */
  vanishing = new Uint8Array(16);
  vanishingCount = 0;
  /** Bytes that the last read brought. */
  copied = Number.POSITIVE_INFINITY;
  count = 0;
  chunkCount = 0;
  /** Set when the regions changed and the plan must be made again. */
  changed = true;
  readonly #layout: Layout;
  readonly #frameBytes: number;
  readonly #check: FrameCheck;
  readonly #dataStack: DataStack;
  readonly #byAddress = new Map<number, number>();
  readonly #order: number[] = [];

  /** `frameBytes`: bytes at the start of a frame that hold every field read of it. */
  constructor(layout: Layout, frameBytes: number) {
    this.#layout = layout;
    this.#frameBytes = frameBytes;
    this.#check = new FrameCheck(layout);
    this.#dataStack = new DataStack(layout);
  }

  /** All but chunks that vanish. */
  addTo(plan: ReadPlan): void {
    this.copied = Number.POSITIVE_INFINITY;
    for (let region = 0; region < this.count; region++) {
      const needed = this.needed[region]!;
      const limit = this.limits[region]!;
      if (needed > this.lengths[region]! && needed <= limit)
        this.lengths[region] = Math.min(limit, needed + 7) & ~7;
      if (region < this.chunkCount && this.vanishing[region] === 0)
        this.offsets[region] = plan.add(this.addresses[region]!, this.lengths[region]!);
    }
    this.#addSingles(plan);
  }

  /** The others: what follows them in the plan may be missing as well. */
  addVanishing(plan: ReadPlan): void {
    if (this.vanishingCount > 0) plan.restMayBeMissing();
    for (let region = 0; region < this.chunkCount; region++)
      if (this.vanishing[region] === 1)
        this.offsets[region] = plan.add(this.addresses[region]!, this.lengths[region]!);
  }

  /** A reading uses the first `length` bytes of a region. */
  need(region: number, length: number): void {
    if (length > this.needed[region]!) this.needed[region] = length;
  }

  /** Whether the copy has the region. */
  isCopied(region: number): boolean {
    const offset = this.offsets[region]!;
    return offset >= 0 && offset + this.lengths[region]! <= this.copied;
  }

  /**
   * Frame objects that lie near each other are copied as one, with what lies between: that takes a third of the time,
   * so fewer are torn.
   */
  #addSingles(plan: ReadPlan): void {
    const order = this.#inOrder();
    for (let first = 0, next = 0; first < order.length; first = next) {
      const begin = this.addresses[order[first]!]!;
      let end = begin;
      for (; next < order.length; next++) {
        const address = this.addresses[order[next]!]!;
        if (next > first && address - end > nearFrames) break;
        end = Math.max(end, address + this.lengths[order[next]!]!);
      }
      const offset = plan.add(begin, end - begin);
      for (let at = first; at < next; at++)
        this.offsets[order[at]!] = offset + this.addresses[order[at]!]! - begin;
    }
  }

  /** The regions of single frames by address. */
  #inOrder(): number[] {
    const order = this.#order;
    order.length = 0;
    for (let region = this.chunkCount; region < this.count; region++) order.push(region);
    return order.sort((a, b) => this.addresses[a]! - this.addresses[b]!);
  }

  /**
   * The region that holds the frame at `address`, -1: none. Frames follow each other, so the next region is tried
   * first.
   */
  regionOf(address: number, last: number): number {
    const next = last + 1;
    if (next >= this.chunkCount && next < this.count && this.addresses[next] === address) return next;
    const frameBytes = this.#frameBytes;
    for (let step = 0; step < this.chunkCount; step++) {
      const region = (last + step) % this.chunkCount;
      const base = this.addresses[region]!;
      if (address >= base && address + frameBytes <= base + this.lengths[region]!) return region;
    }
    return this.#byAddress.get(address) ?? -1;
  }

  /** The caller that a single frame had when it was last seen; 0 when that is not known. */
  lastCallerOf(frame: number): number {
    const region = this.#byAddress.get(frame);
    return region === undefined ? 0 : this.callers[region]!;
  }

  /**
   * Makes the frames from `address` outwards part of the next read, however many chunks they lie in; ends after a few
   * in a row that were part of it before. Reads them page by page while the target runs, so what it finds is only a
   * prediction. False when nothing could be added.
   */
  cover(memory: TargetMemory, threadState: number, address: number): boolean {
    const copy = cachedMemory(memory);
    this.#dataStack.read(copy, threadState);
    const chunksBefore = this.chunkCount;
    let bytes = 0;
    let known = 0;
    let region = 0;
    let frame = address;
    // The walk ends as well where the copy would become too long.
    for (let steps = 0; steps < deepestStack && bytes <= mostCopied; steps++) {
      if (!isPointer(frame) || frame % 8 !== 0) break;
      region = this.regionOf(frame, Math.max(0, region));
      const isNewChunk = region >= chunksBefore && region < this.chunkCount;
      if (region < 0) known = 0;
      // Of a chunk that is new in this call all frames are followed: what called them may lie elsewhere.
      else if (!isNewChunk && ++known > mostKnown) break;
      const read = copy.read(frame, this.#frameBytes);
      if (!read) break;
      if (region < 0) {
        const added = this.#coverFrame(copy, frame, read);
        if (added < 0) break;
        bytes += added;
      }
      const words = new Uint32Array(read.buffer, read.byteOffset, read.length >> 2);
      frame = pointerAt(words, this.#layout.frame.previous);
    }
    if (bytes > 0) this.changed = true;
    return bytes > 0;
  }

  /** `read`: the frame's bytes. Returns how many bytes more the next read has; -1: it is no frame. */
  #coverFrame(memory: TargetMemory, frame: number, read: Uint8Array): number {
    const chunk = this.#dataStack.chunkOf(frame, this.#frameBytes);
    if (chunk) return this.#coverChunk(chunk, frame);
    return this.#check.isFrame(memory, read) ? this.#add(frame, this.#frameBytes) : -1;
  }

  /** Returns how many bytes more the next read has. */
  #coverChunk(chunk: Chunk, frame: number): number {
    const length = Math.min(chunk.end, frame + this.#frameBytes + slack) - chunk.start;
    const aligned = length & ~7;
    for (let region = 0; region < this.chunkCount; region++) {
      if (this.addresses[region] === chunk.start) {
        const before = this.lengths[region]!;
        if (aligned <= before) return 0;
        this.lengths[region] = aligned;
        this.offsets[region] = -1;
        return aligned - before;
      }
    }
    return this.#add(chunk.start, aligned, chunk.end - chunk.start);
  }

  /** `chunk`: bytes of the chunk that begins there; without it the region is a single frame. Returns `length`. */
  #add(address: number, length: number, chunk = 0): number {
    if (this.count === this.addresses.length) this.#grow();
    let region = this.count++;
    if (chunk > 0 && region > this.chunkCount) {
      // The first single frame makes room.
      this.#copy(this.chunkCount, region);
      this.#byAddress.set(this.addresses[region]!, region);
      region = this.chunkCount;
    }
    if (chunk > 0) this.chunkCount++;
    else this.#byAddress.set(address, region);
    this.addresses[region] = address;
    this.lengths[region] = length;
    this.offsets[region] = -1;
    this.needed[region] = this.#frameBytes;
    this.limits[region] = chunk || largestFrame;
    this.callers[region] = 0;
    this.vanishing[region] = 0;
    return length;
  }

  #copy(from: number, to: number): void {
    this.addresses[to] = this.addresses[from]!;
    this.lengths[to] = this.lengths[from]!;
    this.offsets[to] = this.offsets[from]!;
    this.needed[to] = this.needed[from]!;
    this.limits[to] = this.limits[from]!;
    this.callers[to] = this.callers[from]!;
    this.vanishing[to] = this.vanishing[from]!;
  }

  #grow(): void {
    const size = this.addresses.length * 2;
    this.addresses = grown(this.addresses, size);
    this.lengths = grown(this.lengths, size);
    this.needed = grown(this.needed, size);
    this.limits = grown(this.limits, size);
    this.callers = grown(this.callers, size);
    this.vanishing = grown(this.vanishing, size);
    this.offsets = grown(this.offsets, size);
  }

  /**
   * Forgets what begins within the `length` bytes at `address`, which cannot be read any more; a chunk may come again.
   * True when there was any.
   */
  drop(address: number, length: number): boolean {
    const before = this.count;
    for (let region = 0; region < this.chunkCount; region++)
      if (this.addresses[region] === address && this.vanishing[region] === 0) {
        this.vanishing[region] = 1;
        this.vanishingCount++;
        this.changed = true;
        return true;
      }
    this.#keep((region) => {
      const begin = this.addresses[region]!;
      return begin < address || begin >= address + length;
    });
    return this.count !== before;
  }

  #keep(isKept: (region: number) => boolean): void {
    let kept = 0;
    let keptChunks = 0;
    this.vanishingCount = 0;
    this.#byAddress.clear();
    for (let region = 0; region < this.count; region++) {
      if (!isKept(region)) continue;
      this.#copy(region, kept);
      if (region < this.chunkCount) {
        keptChunks++;
        this.vanishingCount += this.vanishing[kept]!;
      } else this.#byAddress.set(this.addresses[kept]!, kept);
      kept++;
    }
    this.count = kept;
    this.chunkCount = keptChunks;
    this.changed = true;
  }

  /** Drops what was not used of late and cuts chunk regions to what was, so that reads stay short. */
  review(): void {
    let spare = 0;
    let gone = false;
    let shorter = false;
    for (let region = 0; region < this.count; region++) {
      const needed = this.needed[region]!;
      if (needed === 0) {
        spare++;
        gone ||= this.vanishing[region] === 1;
      } else if (region < this.chunkCount && this.lengths[region]! - needed > 2 * slack) {
        this.lengths[region] = (needed + slack) & ~7;
        shorter = true;
      }
    }
    const tooMany = spare > (this.#layout.minor <= 10 ? spareFrames : spareChunks);
    if (gone || tooMany)
      this.#keep((region) => this.needed[region]! > 0 || !(tooMany || this.vanishing[region] === 1));
    else if (shorter) this.changed = true;
    this.needed.fill(0, 0, this.count);
  }

  /** Drops frames of generators that were not used of late, if there are many. */
  dropGenerators(): void {
    let spare = 0;
    for (let region = this.chunkCount; region < this.count; region++) if (this.needed[region] === 0) spare++;
    if (spare > spareGenerators) this.#keep((region) => region < this.chunkCount || this.needed[region]! > 0);
    this.needed.fill(0, this.chunkCount, this.count);
  }
}
