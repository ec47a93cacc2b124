import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { firstRoom, grown } from '../../model/grown.js';
import type { SiteId } from '../../model/ids.js';
import { CallKind, WayToCall } from '../calls/call-sites.js';
import type { Layout } from '../layout.js';
import { CFrames } from './c-frames.js';
import { CountedDepth } from './counted-depth.js';
import { FrameFormat, readCurrentFrame } from './frame-format.js';
import { FrameRegions, largestFrame } from './frame-regions.js';
import { KnownFrames } from './known-frames.js';
import {
  anyWay,
  deepestStack,
  kindBits,
  offsetShift,
  onlyPythonBit,
  orNextBit,
  type Reading,
  type SiteReader,
} from './reading.js';
import { RootVote } from './root-vote.js';

/**
 * The frames of one thread, read by prediction.
 *
 * What one sample needs of a thread are the pointer to its current frame and the memory in which its
 * frames lie (`FrameRegions`), and that memory is nearly always where it was at the sample before. So all regions go
 * into one scatter read, and the frames are followed afterwards in the copy. Where they leave it, `cover` finds where
 * the missing frames lie and the next read includes them.
 *
 *   plan:   pointer │ frames … │ pointer
 *
 * When the pointer is the same on both sides of the frames, the read was stable: nothing was called or returned between
 * (or the same frame was left and entered again, which evidence guards against). That matters for calls that are not
 * proven, so while there are none the pointer is read only once.
 */

/** Readings after which regions that none of them used are dropped and chunk regions shrink to what was used. */
const readingsPerReview = 512;
const readingsPerSweep = 32;

/** What of a stack need not be read anew. */
export interface FollowOptions {
  /** False: the innermost frame's call may be over, and what it gave back lie in the place of the callable. */
  inCall: boolean;
  /** How many levels of `known` may stand for themselves; those after the last frame read are then `Reading.below`. */
  reusable: number;
}

export class ThreadStack {
  readonly threadState: number;
  readonly regions: FrameRegions;
  readonly known = new KnownFrames();
  readonly #layout: Layout;
  readonly #format: FrameFormat;
  readonly #stackPointer: number;
  readonly #isObject: boolean;
  /** How a frame may have been entered that lies in a chunk, and one that lies by itself: a generator's. */
  readonly #entryInChunk: number;
  readonly #entryAlone: number;
  readonly #cFrames: CFrames | undefined;
  /** The pointer to the current frame, up to 3.10 with the depth of recursion that follows it. */
  readonly #pointerBytes: number;
  #before = 0;
  /** -1: the pointer is not read a second time. */
  #after = -1;
  #twice = false;
  #readings = 0;
  readonly root = new RootVote();
  readonly #counted: CountedDepth;
  /** Addresses of the frames, as the columns of `Reading`. */
  #path = new Float64Array(firstRoom);
  // Of the reading in hand: the region that it is in, where that begins and ends, and what of it is known.
  #region = 0;
  #base = 0;
  #end = 0;
  #singles = 0;
  #inCall = true;
  #knownLevels = -1;
  /** The first frame of those that lie in one chunk, up to the last one found. */
  #runStart = 0;

  constructor(layout: Layout, threadState: number) {
    this.#layout = layout;
    this.threadState = threadState;
    const { frame, cFrame } = layout;
    const depthAt = layout.threadState.recursionDepth - layout.threadState.frame;
    this.#pointerBytes = layout.threadState.recursionDepth < 0 ? 8 : (depthAt & ~7) + 8;
    if (cFrame.currentFrame >= 0)
      this.#cFrames = new CFrames(threadState + layout.threadState.frame, cFrame.currentFrame);
    this.#format = new FrameFormat(layout);
    this.#counted = new CountedDepth(layout.minor);
    this.#stackPointer = frame.stackPointer;
    this.#isObject = layout.minor <= 10;
    // Up to 3.10 it cannot be seen whether C called.
    this.#entryInChunk = this.#isObject ? anyWay : WayToCall.directly;
    this.#entryAlone = this.#isObject ? anyWay : WayToCall.resuming;
    this.regions = new FrameRegions(layout, this.#format.bytes);
  }

  /** Whether the plan must be made again. */
  get changed(): boolean {
    return this.regions.changed;
  }

  set changed(value: boolean) {
    this.regions.changed = value;
  }

  /**
   * Adds this thread's regions to a plan; `twice`: with the pointer also after the frames. `addRest` must follow once
   * all has been added that may not be missing.
   */
  addTo(plan: ReadPlan, twice: boolean): void {
    if (this.#cFrames) this.#cFrames.addTo(plan, 'before');
    else this.#before = plan.add(this.threadState + this.#layout.threadState.frame, this.#pointerBytes);
    this.regions.addTo(plan);
    this.#after = -1;
    this.#twice = twice;
    if (this.regions.vanishingCount === 0) this.#addAfter(plan);
    this.changed = false;
  }

  /** Adds what may be missing in the copy. */
  addRest(plan: ReadPlan): void {
    if (this.regions.vanishingCount === 0) return;
    this.regions.addVanishing(plan);
    this.#addAfter(plan);
  }

  #addAfter(plan: ReadPlan): void {
    if (!this.#twice) return;
    this.#after = plan.bytes;
    if (this.#cFrames) this.#cFrames.addTo(plan, 'after');
    else plan.add(this.threadState + this.#layout.threadState.frame, this.#pointerBytes);
  }

  /**
   * The current frame's address as it was before (or after) the frames were copied; 0 when the thread runs no
   * Python, -1 when the copy does not have it.
   */
  currentFrame(words: Uint32Array, which: 'before' | 'after'): number {
    if (which === 'after' && (this.#after < 0 || this.#after >= this.regions.copied)) return -1;
    if (!this.#cFrames) return pointerAt(words, which === 'before' ? this.#before : this.#after);
    const frame = this.#cFrames.currentFrame(words, which);
    if (this.#cFrames.changed) this.changed = true;
    return frame;
  }

  /**
   * Whether a reading has as many frames as the thread counted when its pointer was read (`CountedDepth`). True where
   * threads do not count (from 3.11).
   */
  hasDepthOf(words: Uint32Array, which: 'before' | 'after', reading: Reading): boolean {
    if (this.#layout.threadState.recursionDepth < 0 || reading.truncated) return true;
    return this.#counted.fits(this.#depth(words, which), reading);
  }

  /** As `hasDepthOf`, of a whole reading, of which note is taken when it held still. */
  checkDepth(words: Uint32Array, reading: Reading, isStill: boolean): boolean {
    const hasDepth = this.hasDepthOf(words, 'before', reading);
    if (!isStill) return hasDepth;
    if (!hasDepth) return this.#counted.vote(this.#depth(words, 'before') - reading.count);
    this.#counted.reset();
    return true;
  }

  #depth(words: Uint32Array, which: 'before' | 'after'): number {
    const { recursionDepth, frame } = this.#layout.threadState;
    const pointer = which === 'before' ? this.#before : this.#after;
    return words[(pointer + recursionDepth - frame) >> 2]!;
  }

  /** Follows the frames from `frame` outwards in the copy; adds them and the C functions they call to the reading. */
  follow(
    words: Uint32Array,
    frame: number,
    into: Reading,
    sites: SiteReader,
    { inCall, reusable }: FollowOptions,
  ): void {
    const { regions } = this;
    const format = this.#format;
    let address = frame;
    let outermost = 0;
    let steps = 0;
    this.#region = this.#base = this.#end = this.#singles = 0;
    this.#inCall = inCall;
    this.#knownLevels = -1;
    this.#runStart = into.count;
    into.below = 0;
    into.version = -1;
    into.truncated = false;
    into.end = 'whole';
    while (address !== 0) {
      if (++steps > deepestStack) {
        into.truncated = true;
        break;
      }
      const at = this.#wordOf(words, address, into, reusable);
      if (at < 0) break;
      if (format.isShim(words, at)) into.setThroughC();
      else {
        this.#add(words, at, address, into, sites);
        outermost = address;
        if (this.#knownLevels > 0 && this.#meetsKnown(address, into)) {
          outermost = this.known.addressOf(0);
          break;
        }
      }
      const caller = format.link(words, at);
      if (!this.#mayCall(caller, address)) {
        into.end = 'torn';
        break;
      }
      address = caller;
    }
    if (into.end === 'whole' && !into.truncated && into.count > 0) this.#finish(words, outermost, into);
    this.#readings++;
    if (this.#readings % readingsPerReview === 0) regions.review();
    else if (this.#readings % readingsPerSweep === 0 && !this.#isObject) regions.dropGenerators();
  }

  /** At which word of the copy a frame begins; -1 with a reason in `into.end`: not there, or the links make a ring. */
  #wordOf(words: Uint32Array, address: number, into: Reading, reusable: number): number {
    const isWithin = address >= this.#base && address + this.#format.bytes <= this.#end;
    if (!isWithin && !this.#enterRegion(words, address, into, reusable)) return -1;
    if (this.#isRing()) {
      into.end = 'torn';
      return -1;
    }
    return (this.regions.offsets[this.#region]! + (address - this.#base)) >> 2;
  }

  /** Goes on in the region that has the frame at `address`. False when the copy has none. */
  #enterRegion(words: Uint32Array, address: number, into: Reading, reusable: number): boolean {
    const { regions, known } = this;
    const region = regions.regionOf(address, this.#region);
    if (region < 0 || !regions.isCopied(region)) {
      into.end = isPointer(address) && address % 8 === 0 ? 'missing' : 'torn';
      into.missing = address;
      return false;
    }
    this.#region = region;
    this.#base = regions.addresses[region]!;
    this.#end = this.#base + regions.lengths[region]!;
    this.#runStart = into.count;
    regions.need(region, address + this.#format.bytes - this.#base);
    if (this.#base === known.base && this.#knownLevels < 0) {
      known.compare(words, regions.offsets[region]! >> 2, (address - this.#base) >> 2);
      this.#knownLevels = Math.min(reusable, known.levels);
    }
    return true;
  }

  /** More frames lie by themselves than there are: links that were copied before and after a change make a ring. */
  #isRing(): boolean {
    const { chunkCount, count } = this.regions;
    return this.#region >= chunkCount && ++this.#singles > count - chunkCount;
  }

  /** Adds the frame that begins at word `at` of the copy. */
  #add(words: Uint32Array, at: number, address: number, into: Reading, sites: SiteReader): void {
    const format = this.#format;
    const { count } = into;
    const site = sites.siteOf(
      format.codeLow(words, at),
      format.codeHigh(words, at),
      format.instruction(words, at),
    );
    let callee = 0;
    if (this.#inCall || count > 0) {
      const call = sites.callAt(site);
      sites.asked = count > 0 ? 'outer' : 'innermost';
      if (call !== 0 && (count > 0 || (call & onlyPythonBit) === 0))
        callee = this.#callee(words, sites, site, call, address);
    }
    const isEntry = format.isEntry(words, at);
    const entry = this.#region < this.regions.chunkCount ? this.#entryInChunk : this.#entryAlone;
    if (count === this.#path.length) this.#path = grown(this.#path, count * 2);
    this.#path[count] = address;
    into.add(site, callee, isEntry ? WayToCall.throughC : entry);
  }

  /** Whether the frame at `address` and all outer ones are as they were at the reading before. */
  #meetsKnown(address: number, into: Reading): boolean {
    const { known } = this;
    if (this.#base !== known.base) return false;
    let levels = this.#knownLevels;
    while (levels > 0 && known.addressOf(levels - 1) > address) levels--;
    this.#knownLevels = levels;
    if (levels <= 1 || known.addressOf(levels - 1) !== address) return false;
    into.below = levels - 1;
    return true;
  }

  /** Whether a frame can be the caller of that at `address`: in a chunk, unless the links are torn, it lies below. */
  #mayCall(caller: number, address: number): boolean {
    const isInChunk = this.#region < this.regions.chunkCount;
    if (isInChunk && caller >= address && caller < this.#end) return false;
    if (!isInChunk && caller !== 0) this.regions.callers[this.#region] = caller;
    return (caller & 7) === 0;
  }

  /** All frames up to the outermost were read: it is one, and what lies in its chunk is noted. */
  #finish(words: Uint32Array, outermost: number, into: Reading): void {
    if (!this.root.accepts(outermost)) into.end = 'torn';
    else if (this.#region < this.regions.chunkCount && this.#runStart < into.count)
      this.#noteKnown(words, into);
  }

  /** Notes the outermost frames of a whole reading, which all lie in one chunk. */
  #noteKnown(words: Uint32Array, reading: Reading): void {
    const base = this.#base;
    const first = this.#runStart;
    if (base !== this.known.base) {
      const length = (this.#path[first]! - base) >> 2;
      this.known.adopt(base, words, this.regions.offsets[this.#region]! >> 2, length);
    }
    this.known.note(reading.below, this.#path, first, reading.count - 1);
    reading.version = this.known.version;
  }

  /** What the frame at `address` has in the slot of a call: as `SiteReader.calleeAt`. */
  #callee(words: Uint32Array, sites: SiteReader, site: SiteId, call: number, address: number): number {
    const { regions } = this;
    const region = this.#region;
    const base = this.#base;
    const frame = (regions.offsets[region]! + (address - base)) >> 2;
    const offset = call >>> offsetShift;
    // From 3.14 a frame says where its stack ends while it may be left, and so during every call. What a C function
    // takes is still there then; what a function of Python took is not, but lies beyond the end unchanged.
    const end =
      this.#stackPointer < 0 ? largestFrame : pointerAt(words, (frame << 2) + this.#stackPointer) - address;
    const holds = end >= offset + ((call & kindBits) === CallKind.call ? 16 : 8);
    if (this.#stackPointer >= 0) sites.asked = holds ? 'calling' : 'outer';
    const needed = address - base + offset + 16;
    regions.need(region, needed);
    if (needed > regions.lengths[region]!) {
      // The next read has it.
      if (needed <= regions.limits[region]!) this.changed = true;
      return 0;
    }
    let slot = frame + (offset >> 2);
    // Bits at the end of a reference are marks (from 3.14), and the call may keep its callable one slot further.
    if ((call & orNextBit) !== 0 && (words[slot]! & ~7) === 0 && words[slot + 1] === 0) slot += 2;
    const callee = sites.calleeAt(site, words, frame, slot, address);
    return holds && (call & onlyPythonBit) === 0 ? callee : Math.min(callee, 0);
  }

  /**
   * Adds a frame that the copy does not have, read by itself. Returns its caller: 0 when the frame was left meanwhile,
   * which cuts the link, -1 when there is no such frame.
   */
  readFrame(memory: TargetMemory, address: number, into: Reading, sites: SiteReader): number {
    const format = this.#format;
    const bytes = memory.read(address, format.bytes);
    if (!bytes) return -1;
    const words = new Uint32Array(bytes.buffer);
    if (format.isShim(words, 0)) into.setThroughC();
    else {
      const site = sites.siteOf(
        format.codeLow(words, 0),
        format.codeHigh(words, 0),
        format.instruction(words, 0),
      );
      into.add(site, 0, anyWay);
    }
    return format.link(words, 0);
  }

  /** Makes the frames of this moment part of the first read, which else brought nothing: each thread was read again. */
  begin(memory: TargetMemory): void {
    this.#cFrames?.expect(readPointer(memory, this.threadState + this.#layout.threadState.frame));
    const frame = this.readCurrentFrame(memory);
    if (isPointer(frame)) this.cover(memory, frame);
  }

  /** The current frame at this moment, read by itself; NaN when that cannot be. */
  readCurrentFrame(memory: TargetMemory): number {
    return readCurrentFrame(memory, this.#layout, this.threadState);
  }

  /** Makes the frames from `address` outwards part of the next read. False when there are none to be added. */
  cover(memory: TargetMemory, address: number): boolean {
    return this.regions.cover(memory, this.threadState, address);
  }

  /** Forgets what begins within the `length` bytes at `address`, which can be read no more. True when frames did. */
  drop(address: number, length: number): boolean {
    this.#cFrames?.drop(address);
    return this.regions.drop(address, length);
  }
}
