import { isPointer, pointerAt, readPointer } from '../memory/pointers.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { CFrames } from './c-frames.js';
import { CallKind, WayToCall } from './calls/call-sites.js';
import type { FrameCall } from './calls/code-calls.js';
import type { Layout } from './layout.js';

/**
 * The frames of one thread, read by prediction.
 *
 * What one sample needs of a thread are its *anchor* (the pointer to the current frame) and the memory in which its
 * frames lie, and that memory is nearly always where it was at the sample before:
 *
 *   up to 3.10   frame objects on the heap, linked by f_back: one region a frame
 *   from 3.11    `_PyInterpreterFrame`s one after another in chunks of the thread's data stack: one region a chunk;
 *                frames of generators and coroutines lie in their heap objects: one region each
 *
 * So all regions go into one scatter read, and the walk happens afterwards in the copy. When the walk leaves the copy,
 * `cover` finds where the missing frames lie and the next read includes them.
 *
 *   plan:   anchor │ frames … │ anchor
 *
 * When the anchor is the same on both sides of the frames, nothing was called or returned between (or the same frame was left and
 * entered again, which `CallEdges` guards against).
 *
 * Struct facts: CPython Include/internal/pycore_frame.h and pycore_pystate.h of 3.11 to 3.14, Include/cpython/frameobject.h before.
 */

/** Frames per stack that are followed; what lies further out is shown as `<truncated>`. */
export const deepestStack = 16_384;
/** Bytes of a chunk that are read beyond the highest frame seen, so that a few more calls need no second read. */
const slack = 768;
/** Chunks grow with the frames they must hold but a sane one stays below this. */
const largestChunk = 16 << 20;
/** A single frame's locals and stack stay below this. */
const largestFrame = 1 << 16;
/** Walks after which regions that no walk used are dropped and chunk regions shrink to what was used. */
const walksPerReview = 512;
/** More regions than the current frames need are kept, since the same callees come again; but not more than this. */
const spareChunks = 32;
/** Up to 3.10, where each function has a frame object of its own that is used again and again. */
const spareFrames = 256;
/** Later single frames are of generators and coroutines, which come and go: each would make the copy 0.1 µs longer. */
const spareGenerators = 8;
const walksPerSweep = 32;
/** Up to 3.10: C functions that may guard against recursion between one frame and the next. */
const guardedCalls = 2;
/** Walks in a row that must end elsewhere before that is where the stack ends. */
const mostRootVotes = 8;

const anyWay = WayToCall.directly | WayToCall.resuming | WayToCall.throughC;

/** Tells which C function a frame is calling, from what lies in a slot of its value stack. Asked for every frame of every sample. */
export interface CallReader {
  /** Where a frame of this code keeps what it calls at this instruction: `packCall`, 0 when it calls nothing there. */
  callAt(codeLow: number, codeHigh: number, instruction: number): number;
  /**
   * The number of the C function, 0 when it is none or not certain (yet), and a negative number for a function of Python. `frame` and `slot` are where the frame and the object that it
   * calls begin in `words`; the slot after it is there as well. Follows a call of `callAt`.
   */
  callee(kind: number, words: Uint32Array, frame: number, slot: number): number;
}

const orNextBit = 8;
const onlyPythonBit = 16;
const offsetShift = 5;

export function packCall({ offset, orNext, onlyPython, kind }: FrameCall): number {
  return (offset << offsetShift) | (onlyPython ? onlyPythonBit : 0) | (orNext ? orNextBit : 0) | kind;
}

export type WalkEnd = 'whole' | 'missing' | 'torn';

/** The frames a walk found, innermost first. One is reused for all walks. */
export class Walk {
  count = 0;
  /** Frames that are there already when the next walk begins: it goes on from their caller. */
  given = 0;
  truncated = false;
  end: WalkEnd = 'whole';
  /** With end `missing`: the frame that is not in the copy. */
  missing = 0;
  codeLow = new Uint32Array(256);
  codeHigh = new Uint32Array(256);
  /** Instruction: `f_lasti` up to 3.10, the low half of the instruction's address later. */
  instruction = new Uint32Array(256);
  /** Number of the C function that the frame calls, 0 for none, negative for a function of Python. */
  callee = new Int32Array(256);
  /** The ways (`WayToCall`) in which it can have been called, by what lies between it and its caller and where it lies itself. */
  #ways = new Uint8Array(256);

  ways(frame: number): number {
    return this.#ways[frame]!;
  }

  setWays(frame: number, ways: number): void {
    this.#ways[frame] = ways;
  }

  grow(): void {
    const size = this.codeLow.length * 2;
    const larger = (old: Uint32Array) => {
      const array = new Uint32Array(size);
      array.set(old);
      return array;
    };
    const callee = new Int32Array(size);
    callee.set(this.callee);
    this.callee = callee;
    const ways = new Uint8Array(size);
    ways.set(this.#ways);
    this.#ways = ways;
    this.codeLow = larger(this.codeLow);
    this.codeHigh = larger(this.codeHigh);
    this.instruction = larger(this.instruction);
  }
}

export class ThreadStack {
  readonly threadState: number;
  readonly #layout: Layout;
  /** Bytes at the start of a frame that hold every field read here. */
  readonly #frameBytes: number;
  readonly #cFrames: CFrames | undefined;
  /** The pointer to the current frame, up to 3.10 with the depth of recursion that follows it. */
  readonly #anchorBytes: number;
  #addresses = new Float64Array(16);
  #lengths = new Float64Array(16);
  #offsets = new Int32Array(16);
  /** Bytes of the region that some walk since the last review needed; 0: none did. */
  #needed = new Float64Array(16);
  /** Bytes that the region can have: to the end of its chunk, or as many as any frame needs. */
  #limits = new Float64Array(16);
  /** Of a region that is a single frame: its caller when that was last seen; 0: never. Leaving the frame cuts the link. */
  #callers = new Float64Array(16);
  #count = 0;
  readonly #byAddress = new Map<number, number>();
  #chunks: { start: number; end: number }[] = [];
  #before = 0;
  #after = 0;
  #walks = 0;
  /** Set when the regions changed and the plan must be made again. */
  changed = true;

  constructor(layout: Layout, threadState: number) {
    this.#layout = layout;
    this.threadState = threadState;
    const { frame, cFrame } = layout;
    const depthAt = layout.threadState.recursionDepth - layout.threadState.frame;
    this.#anchorBytes = layout.threadState.recursionDepth < 0 ? 8 : (depthAt & ~7) + 8;
    if (cFrame.currentFrame >= 0)
      this.#cFrames = new CFrames(threadState + layout.threadState.frame, cFrame.currentFrame);
    const last = Math.max(frame.previous, frame.code, frame.instruction, frame.owner, frame.isEntry);
    this.#frameBytes = (last & ~7) + 8;
  }

  get regionCount(): number {
    return this.#count;
  }

  /** Adds this thread's regions to a plan. The anchor is read a second time, after the frames. */
  addTo(plan: ReadPlan): void {
    const anchor = this.threadState + this.#layout.threadState.frame;
    if (this.#cFrames) this.#cFrames.addTo(plan, 'before');
    else this.#before = plan.add(anchor, this.#anchorBytes);
    this.#addFrames(plan);
    if (this.#cFrames) this.#cFrames.addTo(plan, 'after');
    else this.#after = plan.add(anchor, this.#anchorBytes);
    this.changed = false;
  }

  #addFrames(plan: ReadPlan): void {
    for (let region = 0; region < this.#count; region++) {
      const needed = this.#needed[region]!;
      const limit = this.#limits[region]!;
      if (needed > this.#lengths[region]! && needed <= limit)
        this.#lengths[region] = Math.min(limit, needed + 7) & ~7;
      this.#offsets[region] = plan.add(this.#addresses[region]!, this.#lengths[region]!);
    }
  }

  /**
   * The current frame's address as it was before (or after) the frames were copied; 0 when the thread runs no
   * Python, -1 when it cannot be told since the copy does not have what says it.
   */
  anchor(words: Uint32Array, which: 'before' | 'after'): number {
    if (!this.#cFrames) return pointerAt(words, which === 'before' ? this.#before : this.#after);
    const anchor = this.#cFrames.currentFrame(words, which);
    if (this.#cFrames.changed) this.changed = true;
    return anchor;
  }

  /**
   * Whether a walk found as many frames as the thread counted when its anchor was read, but for the C functions that it may count as well:
   * those between a frame and its caller, unless the caller has a function of Python in hand. True where threads do not count (from 3.11).
   */
  hasDepthOf(words: Uint32Array, which: 'before' | 'after', walk: Walk): boolean {
    const { recursionDepth, frame } = this.#layout.threadState;
    if (recursionDepth < 0 || walk.truncated) return true;
    const anchor = which === 'before' ? this.#before : this.#after;
    const depth = words[(anchor + recursionDepth - frame) >> 2]!;
    let most = walk.count + guardedCalls;
    for (let at = 1; at < walk.count && most < depth; at++) if (walk.callee[at]! >= 0) most += guardedCalls;
    return walk.count <= depth && depth <= most;
  }

  /**
   * Follows the frames from `anchor` outwards in the copy; with `calls`, tells the C functions that they call as well. `inCall` false: the
   * innermost frame's call may be over, and what it gave back lie in the place of the callable.
   */
  walk(words: Uint32Array, anchor: number, into: Walk, calls?: CallReader, inCall = true): void {
    const { frame, ownerShim } = this.#layout;
    const frameBytes = this.#frameBytes;
    const previousWord = frame.previous >> 2;
    const codeWord = frame.code >> 2;
    const instructionWord = frame.instruction >> 2;
    const ownerWord = frame.owner >> 2;
    const ownerShift = (frame.owner & 3) * 8;
    let address = anchor;
    let region = 0;
    let base = 0;
    let end = 0;
    let count = into.given;
    into.given = 0;
    // Up to 3.10 it cannot be told whether C called.
    const ofChunk = this.#layout.minor <= 10 ? anyWay : WayToCall.directly;
    const ofSingle = this.#layout.minor <= 10 ? anyWay : WayToCall.resuming;
    const entryWord = frame.isEntry >> 2;
    const entryShift = (frame.isEntry & 3) * 8;
    let steps = 0;
    let outermost = 0;
    let singles = 0;
    const mostSingles = this.#count - this.#chunkRegions;
    into.truncated = false;
    into.end = 'whole';
    while (address !== 0) {
      if (address < base || address + frameBytes > end) {
        region = this.#regionOf(address, region);
        if (region < 0) {
          into.end = isPointer(address) && address % 8 === 0 ? 'missing' : 'torn';
          into.missing = address;
          break;
        }
        base = this.#addresses[region]!;
        end = base + this.#lengths[region]!;
        const needed = address + frameBytes - base;
        if (needed > this.#needed[region]!) this.#needed[region] = needed;
      }
      if (++steps > deepestStack) {
        into.truncated = true;
        break;
      }
      // More single frames than there are: a link was copied before, another after it changed, and they make a ring.
      if (region >= this.#chunkRegions && ++singles > mostSingles) {
        into.end = 'torn';
        break;
      }
      const word = (this.#offsets[region]! + (address - base)) >> 2;
      if (ownerShim < 0 || ((words[word + ownerWord]! >>> ownerShift) & 0xff) < ownerShim) {
        if (count === into.codeLow.length) into.grow();
        into.codeLow[count] = words[word + codeWord]! & ~7;
        into.codeHigh[count] = words[word + codeWord + 1]!;
        into.instruction[count] = words[word + instructionWord]!;
        into.callee[count] = 0;
        if (calls !== undefined && (inCall || count > 0)) {
          const call = calls.callAt(into.codeLow[count]!, into.codeHigh[count]!, into.instruction[count]!);
          if (call !== 0 && (count > 0 || (call & onlyPythonBit) === 0))
            into.callee[count] = this.#callee(words, calls, call, region, address);
        }
        into.setWays(count, region < this.#chunkRegions ? ofChunk : ofSingle);
        if (entryWord >= 0 && ((words[word + entryWord]! >>> entryShift) & 0xff) !== 0)
          into.setWays(count, WayToCall.throughC);
        count++;
        outermost = address;
      } else if (count > 0) into.setWays(count - 1, WayToCall.throughC);
      const low = words[word + previousWord]!;
      const caller = words[word + previousWord + 1]! * 0x1_0000_0000 + low;
      // In a chunk callers lie below; else these are links of several moments.
      if (caller >= address && caller < end && region < this.#chunkRegions) {
        into.end = 'torn';
        break;
      }
      address = caller;
      if (region >= this.#chunkRegions && address !== 0) this.#callers[region] = address;
      if ((low & 7) !== 0) {
        into.end = 'torn';
        break;
      }
    }
    into.count = count;
    if (into.end === 'whole' && !into.truncated && count > 0 && !this.#endsAtRoot(outermost))
      into.end = 'torn';
    this.#walks++;
    if (this.#walks % walksPerReview === 0) this.#review();
    else if (this.#walks % walksPerSweep === 0 && this.#layout.minor >= 11) this.#dropGenerators();
  }

  /** The C function that the frame at `address`, in `region`, has in the slot of a call. */
  #callee(words: Uint32Array, calls: CallReader, call: number, region: number, address: number): number {
    const { stackPointer } = this.#layout.frame;
    const frame = (this.#offsets[region]! + (address - this.#addresses[region]!)) >> 2;
    const offset = call >>> offsetShift;
    // From 3.14 a frame says where its stack ends while it may be left, and so during every call. What a C function takes is still there then;
    // what a function of Python took is not, but lies beyond the end unchanged.
    const end = stackPointer < 0 ? largestFrame : pointerAt(words, (frame << 2) + stackPointer) - address;
    const holds = end >= offset + ((call & 7) === CallKind.call ? 16 : 8);
    const needed = address - this.#addresses[region]! + offset + 16;
    if (needed > this.#needed[region]!) this.#needed[region] = needed;
    if (needed > this.#lengths[region]!) {
      // The next read has it.
      if (needed <= this.#limits[region]!) this.changed = true;
      return 0;
    }
    let slot = frame + (offset >> 2);
    // Bits at the end of a reference are marks (from 3.14), and the call may keep its callable one slot further.
    if ((call & orNextBit) !== 0 && (words[slot]! & ~7) === 0 && words[slot + 1] === 0) slot += 2;
    const callee = calls.callee(call & 7, words, frame, slot);
    return holds && (call & onlyPythonBit) === 0 ? callee : Math.min(callee, 0);
  }

  /**
   * Whether a walk that ended at this frame saw the whole stack. A frame that was just left has its link cut and looks outermost (up
   * to 3.10), so where the stack ends is put to the vote of the walks: it hardly ever changes, and accidents differ.
   */
  #endsAtRoot(frame: number): boolean {
    if (frame === this.#root) {
      if (this.#rootVotes < mostRootVotes) this.#rootVotes++;
      return true;
    }
    if (this.#rootVotes > 0) {
      this.#rootVotes--;
      return false;
    }
    this.#root = frame;
    this.#rootVotes = 1;
    return true;
  }

  #root = 0;
  #rootVotes = 0;

  /**
   * Adds a frame that the copy does not have, read by itself, to what a walk found so far; the next walk goes on from there. Returns its
   * caller: 0 when the frame was left meanwhile, which cuts the link, -1 when there is no such frame.
   */
  readFrame(memory: TargetMemory, address: number, into: Walk): number {
    const bytes = memory.read(address, this.#frameBytes);
    if (!bytes) return -1;
    const { frame, ownerShim } = this.#layout;
    const words = new Uint32Array(bytes.buffer);
    const caller = pointerAt(words, frame.previous);
    const at = into.count;
    if (ownerShim >= 0 && bytes[frame.owner]! >= ownerShim) {
      if (at > 0) into.setWays(at - 1, WayToCall.throughC);
    } else {
      if (at === into.codeLow.length) into.grow();
      into.codeLow[at] = words[frame.code >> 2]! & ~7;
      into.codeHigh[at] = words[(frame.code >> 2) + 1]!;
      into.instruction[at] = words[frame.instruction >> 2]!;
      into.callee[at] = 0;
      into.setWays(at, anyWay);
      into.count++;
    }
    into.given = into.count;
    return caller;
  }

  /** The caller that a single frame had when it was last seen; 0 when that is not known. */
  lastCallerOf(frame: number): number {
    const region = this.#byAddress.get(frame);
    return region === undefined ? 0 : this.#callers[region]!;
  }

  /** The current frame at this moment, read by itself; NaN when that cannot be. */
  readAnchor(memory: TargetMemory): number {
    const { threadState, cFrame } = this.#layout;
    const anchor = readPointer(memory, this.threadState + threadState.frame);
    return this.#cFrames ? readPointer(memory, anchor + cFrame.currentFrame) : anchor;
  }

  /** The region that holds the frame at `address`, -1: none. Frames follow each other, so the next region is tried first. */
  #regionOf(address: number, last: number): number {
    const next = last + 1;
    if (next >= this.#chunkRegions && next < this.#count && this.#addresses[next] === address) return next;
    const frameBytes = this.#frameBytes;
    for (let step = 0; step < this.#chunkRegions; step++) {
      const region = (last + step) % this.#chunkRegions;
      const base = this.#addresses[region]!;
      if (address >= base && address + frameBytes <= base + this.#lengths[region]!) return region;
    }
    const exact = this.#byAddress.get(address);
    if (exact !== undefined) return exact;
    return -1;
  }

  /** Regions of chunks come first, those of single frames after them. */
  #chunkRegions = 0;

  /**
   * Makes the frames from `address` outwards part of the next read, until one that already is. Reads them one by one
   * while the target runs, so what it finds is only a prediction. False when nothing could be added.
   */
  cover(memory: TargetMemory, address: number): boolean {
    if (this.#layout.threadState.dataStackChunk >= 0) this.#readChunks(memory);
    let added = false;
    let frame = address;
    for (let steps = 0; steps < deepestStack && isPointer(frame); steps++) {
      if (this.#regionOf(frame, 0) >= 0) break;
      const chunk = this.#chunks.find(({ start, end }) => frame >= start && frame + this.#frameBytes <= end);
      if (chunk) this.#coverChunk(chunk, frame);
      else this.#addRegion(frame, this.#frameBytes);
      added = true;
      frame = readPointer(memory, frame + this.#layout.frame.previous);
    }
    this.changed ||= added;
    return added;
  }

  #coverChunk(chunk: { start: number; end: number }, frame: number): void {
    const length = Math.min(chunk.end, frame + this.#frameBytes + slack) - chunk.start;
    const aligned = length & ~7;
    for (let region = 0; region < this.#chunkRegions; region++) {
      if (this.#addresses[region] === chunk.start) {
        this.#lengths[region] = Math.max(this.#lengths[region]!, aligned);
        return;
      }
    }
    this.#addRegion(chunk.start, aligned, chunk.end - chunk.start);
  }

  /** `chunk`: bytes of the chunk that begins there; without it the region is a single frame. */
  #addRegion(address: number, length: number, chunk = 0): void {
    if (this.#count === this.#addresses.length) this.#growRegions();
    let region = this.#count++;
    if (chunk > 0 && region > this.#chunkRegions) {
      // The first single frame makes room.
      this.#move(this.#chunkRegions, region);
      region = this.#chunkRegions;
    }
    if (chunk > 0) this.#chunkRegions++;
    else this.#byAddress.set(address, region);
    this.#addresses[region] = address;
    this.#lengths[region] = length;
    this.#needed[region] = this.#frameBytes;
    this.#limits[region] = chunk || largestFrame;
    this.#callers[region] = 0;
  }

  #move(from: number, to: number): void {
    this.#addresses[to] = this.#addresses[from]!;
    this.#lengths[to] = this.#lengths[from]!;
    this.#needed[to] = this.#needed[from]!;
    this.#limits[to] = this.#limits[from]!;
    this.#callers[to] = this.#callers[from]!;
    if (this.#byAddress.has(this.#addresses[to]!)) this.#byAddress.set(this.#addresses[to]!, to);
  }

  #growRegions(): void {
    const size = this.#addresses.length * 2;
    const larger = (old: Float64Array) => {
      const array = new Float64Array(size);
      array.set(old);
      return array;
    };
    this.#addresses = larger(this.#addresses);
    this.#lengths = larger(this.#lengths);
    this.#needed = larger(this.#needed);
    this.#limits = larger(this.#limits);
    this.#callers = larger(this.#callers);
    this.#offsets = new Int32Array(size);
  }

  #readChunks(memory: TargetMemory): void {
    const { stackChunk, threadState } = this.#layout;
    this.#chunks = [];
    let address = readPointer(memory, this.threadState + threadState.dataStackChunk);
    while (isPointer(address) && this.#chunks.length < 4096) {
      const size = readPointer(memory, address + stackChunk.size);
      if (!(size > stackChunk.data && size <= largestChunk)) break;
      this.#chunks.push({ start: address + stackChunk.data, end: address + size });
      address = readPointer(memory, address + stackChunk.previous);
    }
  }

  /** Forgets the region at `address`, which cannot be read any more. */
  drop(address: number): void {
    this.#cFrames?.drop(address);
    this.#keepRegions((region) => this.#addresses[region] !== address);
  }

  #keepRegions(keep: (region: number) => boolean): void {
    let kept = 0;
    let keptChunks = 0;
    this.#byAddress.clear();
    for (let region = 0; region < this.#count; region++) {
      if (!keep(region)) continue;
      this.#addresses[kept] = this.#addresses[region]!;
      this.#lengths[kept] = this.#lengths[region]!;
      this.#needed[kept] = this.#needed[region]!;
      this.#limits[kept] = this.#limits[region]!;
      this.#callers[kept] = this.#callers[region]!;
      if (region < this.#chunkRegions) keptChunks++;
      else this.#byAddress.set(this.#addresses[kept]!, kept);
      kept++;
    }
    this.#count = kept;
    this.#chunkRegions = keptChunks;
    this.changed = true;
  }

  /** Drops what was not used of late and cuts chunk regions to what was, so that reads stay short. */
  #review(): void {
    let spare = 0;
    let shorter = false;
    for (let region = 0; region < this.#count; region++) {
      const needed = this.#needed[region]!;
      if (needed === 0) spare++;
      else if (region < this.#chunkRegions && this.#lengths[region]! - needed > 2 * slack) {
        this.#lengths[region] = (needed + slack) & ~7;
        shorter = true;
      }
    }
    if (spare > (this.#layout.minor <= 10 ? spareFrames : spareChunks))
      this.#keepRegions((region) => this.#needed[region]! > 0);
    else if (shorter) this.changed = true;
    this.#needed.fill(0, 0, this.#count);
  }
  #dropGenerators(): void {
    let spare = 0;
    for (let region = this.#chunkRegions; region < this.#count; region++)
      if (this.#needed[region] === 0) spare++;
    if (spare > spareGenerators)
      this.#keepRegions((region) => region < this.#chunkRegions || this.#needed[region]! > 0);
    this.#needed.fill(0, this.#chunkRegions, this.#count);
  }
}
