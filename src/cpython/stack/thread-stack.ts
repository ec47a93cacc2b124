import { isPointer, pointerAt, readPointer } from '../../memory/pointers.js';
import type { ReadPlan } from '../../memory/read-plan.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { CallKind, WayToCall } from '../calls/call-sites.js';
import type { Layout } from '../layout.js';
import { CFrames } from './c-frames.js';
import { FrameRegions, largestFrame } from './frame-regions.js';
import { KnownFrames } from './known-frames.js';
import {
  anyWay,
  type CallReader,
  deepestStack,
  grown,
  kindBits,
  offsetShift,
  onlyPythonBit,
  orNextBit,
  type Walk,
} from './walk.js';

/**
 * The frames of one thread, read by prediction.
 *
 * What one sample needs of a thread are its *anchor* (the pointer to the current frame) and the memory in which its
 * frames lie (`FrameRegions`), and that memory is nearly always where it was at the sample before. So all regions go into one
 * scatter read, and the walk happens afterwards in the copy. When the walk leaves the copy, `cover` finds where the missing
 * frames lie and the next read includes them.
 *
 *   plan:   anchor │ frames … │ anchor
 *
 * When the anchor is the same on both sides of the frames, nothing was called or returned between (or the same frame was left and
 * entered again, which `CallEdges` guards against). That matters for calls that were not seen before, so while there are none the anchor
 * is read only once.
 *
 * Struct facts: CPython Include/internal/pycore_frame.h and pycore_pystate.h of 3.11 to 3.14, Include/cpython/frameobject.h before.
 */

/** Walks after which regions that no walk used are dropped and chunk regions shrink to what was used. */
const walksPerReview = 512;
const walksPerSweep = 32;
/** Up to 3.10: C functions that may guard against recursion between one frame and the next. */
const guardedCalls = 2;
/** Walks in a row that must end elsewhere before that is where the stack ends. */
const mostRootVotes = 8;

export class ThreadStack {
  readonly threadState: number;
  readonly regions: FrameRegions;
  readonly known = new KnownFrames();
  readonly #layout: Layout;
  // What the walk needs of the layout: those of different versions are of different shapes, and looking into them is slow.
  readonly #frameBytes: number;
  readonly #previous: number;
  readonly #code: number;
  readonly #instruction: number;
  readonly #owner: number;
  readonly #ownerShim: number;
  readonly #isEntry: number;
  readonly #stackPointer: number;
  readonly #isObject: boolean;
  readonly #cFrames: CFrames | undefined;
  /** The pointer to the current frame, up to 3.10 with the depth of recursion that follows it. */
  readonly #anchorBytes: number;
  #before = 0;
  /** -1: the anchor is not read a second time. */
  #after = -1;
  #twice = false;
  #walks = 0;
  #root = 0;
  #rootVotes = 0;
  /** Addresses of the frames of a walk, as the columns of `Walk`. */
  #path = new Float64Array(256);

  constructor(layout: Layout, threadState: number) {
    this.#layout = layout;
    this.threadState = threadState;
    const { frame, cFrame, ownerShim } = layout;
    const depthAt = layout.threadState.recursionDepth - layout.threadState.frame;
    this.#anchorBytes = layout.threadState.recursionDepth < 0 ? 8 : (depthAt & ~7) + 8;
    if (cFrame.currentFrame >= 0)
      this.#cFrames = new CFrames(threadState + layout.threadState.frame, cFrame.currentFrame);
    const last = Math.max(frame.previous, frame.code, frame.instruction, frame.owner, frame.isEntry);
    this.#frameBytes = (last & ~7) + 8;
    this.#previous = frame.previous >> 2;
    this.#code = frame.code >> 2;
    this.#instruction = frame.instruction >> 2;
    this.#owner = frame.owner;
    this.#ownerShim = ownerShim;
    this.#isEntry = frame.isEntry;
    this.#stackPointer = frame.stackPointer;
    this.#isObject = layout.minor <= 10;
    this.regions = new FrameRegions(layout, this.#frameBytes);
  }

  /** Whether the plan must be made again. */
  get changed(): boolean {
    return this.regions.changed;
  }

  set changed(value: boolean) {
    this.regions.changed = value;
  }

  /**
   * Adds this thread's regions to a plan; `twice`: with the anchor also after the frames. `addRest` must follow once all has been added that
   * may not be missing.
   */
  addTo(plan: ReadPlan, twice: boolean): void {
    if (this.#cFrames) this.#cFrames.addTo(plan, 'before');
    else this.#before = plan.add(this.threadState + this.#layout.threadState.frame, this.#anchorBytes);
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
    else plan.add(this.threadState + this.#layout.threadState.frame, this.#anchorBytes);
  }

  /**
   * The current frame's address as it was before (or after) the frames were copied; 0 when the thread runs no
   * Python, -1 when it cannot be told since the copy does not have what says it.
   */
  anchor(words: Uint32Array, which: 'before' | 'after'): number {
    if (which === 'after' && (this.#after < 0 || this.#after >= this.regions.copied)) return -1;
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
   * Follows the frames from `anchor` outwards in the copy, and tells the C functions that they call. `inCall` false: the innermost frame's
   * call may be over, and what it gave back lie in the place of the callable. `reusable`: how many levels of `known` the walk may end at;
   * those further out than the last frame found are then `into.below`.
   */
  walk(
    words: Uint32Array,
    anchor: number,
    into: Walk,
    calls: CallReader,
    inCall: boolean,
    reusable: number,
  ): void {
    const { regions, known } = this;
    const frameBytes = this.#frameBytes;
    const previousWord = this.#previous;
    const codeWord = this.#code;
    const instructionWord = this.#instruction;
    const ownerShim = this.#ownerShim;
    const ownerWord = this.#owner >> 2;
    const ownerShift = (this.#owner & 3) * 8;
    const entryWord = this.#isEntry >> 2;
    const entryShift = (this.#isEntry & 3) * 8;
    // Up to 3.10 it cannot be told whether C called.
    const ofChunk = this.#isObject ? anyWay : WayToCall.directly;
    const ofSingle = this.#isObject ? anyWay : WayToCall.resuming;
    const { chunkCount } = regions;
    const mostSingles = regions.count - chunkCount;
    let address = anchor;
    let region = 0;
    let base = 0;
    let end = 0;
    let count = into.given;
    let steps = 0;
    let outermost = 0;
    let singles = 0;
    let knownLevels = -1;
    // Where the frames begin that lie in one chunk, up to the last one found.
    let runStart = count;
    into.given = 0;
    into.below = 0;
    into.truncated = false;
    into.end = 'whole';
    while (address !== 0) {
      if (++steps > deepestStack) {
        into.truncated = true;
        break;
      }
      if (address < base || address + frameBytes > end) {
        region = regions.regionOf(address, region);
        if (region < 0 || !regions.isCopied(region)) {
          into.end = isPointer(address) && address % 8 === 0 ? 'missing' : 'torn';
          into.missing = address;
          break;
        }
        base = regions.addresses[region]!;
        end = base + regions.lengths[region]!;
        runStart = count;
        const needed = address + frameBytes - base;
        if (needed > regions.needed[region]!) regions.needed[region] = needed;
        if (base === known.base && knownLevels < 0) {
          known.compare(words, regions.offsets[region]! >> 2, (address - base) >> 2);
          knownLevels = Math.min(reusable, known.levels);
        }
      }
      // More single frames than there are: a link was copied before, another after it changed, and they make a ring.
      if (region >= chunkCount && ++singles > mostSingles) {
        into.end = 'torn';
        break;
      }
      const word = (regions.offsets[region]! + (address - base)) >> 2;
      if (ownerShim < 0 || ((words[word + ownerWord]! >>> ownerShift) & 0xff) < ownerShim) {
        if (count === into.codeLow.length) into.grow();
        if (count === this.#path.length) this.#path = grown(this.#path, new Float64Array(count * 2));
        const codeLow = words[word + codeWord]! & ~7;
        const codeHigh = words[word + codeWord + 1]!;
        const instruction = words[word + instructionWord]!;
        into.codeLow[count] = codeLow;
        into.codeHigh[count] = codeHigh;
        into.instruction[count] = instruction;
        into.callee[count] = 0;
        if (inCall || count > 0) {
          const call = calls.callAt(into.codeLow[count]!, codeHigh, instruction);
          if (call !== 0 && (count > 0 || (call & onlyPythonBit) === 0))
            into.callee[count] = this.#callee(words, calls, call, region, address);
        }
        into.ways[count] = region < chunkCount ? ofChunk : ofSingle;
        if (entryWord >= 0 && ((words[word + entryWord]! >>> entryShift) & 0xff) !== 0)
          into.ways[count] = WayToCall.throughC;
        this.#path[count] = address;
        count++;
        outermost = address;
        if (knownLevels > 0 && base === known.base) {
          while (knownLevels > 0 && known.addressOf(knownLevels - 1) > address) knownLevels--;
          if (knownLevels > 1 && known.addressOf(knownLevels - 1) === address) {
            into.below = knownLevels - 1;
            outermost = known.addressOf(0);
            break;
          }
        }
      } else if (count > 0) into.ways[count - 1] = WayToCall.throughC;
      const low = words[word + previousWord]!;
      const caller = words[word + previousWord + 1]! * 0x1_0000_0000 + low;
      // In a chunk callers lie below; else these are links of several moments.
      if (caller >= address && caller < end && region < chunkCount) {
        into.end = 'torn';
        break;
      }
      address = caller;
      if (region >= chunkCount && address !== 0) regions.callers[region] = address;
      if ((low & 7) !== 0) {
        into.end = 'torn';
        break;
      }
    }
    into.count = count;
    into.version = -1;
    if (into.end === 'whole' && !into.truncated && count > 0) {
      if (!this.#endsAtRoot(outermost)) into.end = 'torn';
      else if (region < chunkCount && runStart < count) this.#noteKnown(words, into, region, runStart);
    }
    this.#walks++;
    if (this.#walks % walksPerReview === 0) regions.review();
    else if (this.#walks % walksPerSweep === 0 && !this.#isObject) regions.dropGenerators();
  }

  /** Notes the outermost frames of a whole walk, `first` to the last, which all lie in one chunk. */
  #noteKnown(words: Uint32Array, walk: Walk, region: number, first: number): void {
    const base = this.regions.addresses[region]!;
    if (base !== this.known.base) {
      const length = (this.#path[first]! - base) >> 2;
      this.known.adopt(base, words, this.regions.offsets[region]! >> 2, length);
    }
    this.known.note(walk.below, this.#path, first, walk.count - 1);
    walk.version = this.known.version;
  }

  /** The C function that the frame at `address`, in `region`, has in the slot of a call. */
  #callee(words: Uint32Array, calls: CallReader, call: number, region: number, address: number): number {
    const { regions } = this;
    const base = regions.addresses[region]!;
    const frame = (regions.offsets[region]! + (address - base)) >> 2;
    const offset = call >>> offsetShift;
    // From 3.14 a frame says where its stack ends while it may be left, and so during every call. What a C function takes is still there then;
    // what a function of Python took is not, but lies beyond the end unchanged.
    const end =
      this.#stackPointer < 0 ? largestFrame : pointerAt(words, (frame << 2) + this.#stackPointer) - address;
    const holds = end >= offset + ((call & kindBits) === CallKind.call ? 16 : 8);
    const needed = address - base + offset + 16;
    if (needed > regions.needed[region]!) regions.needed[region] = needed;
    if (needed > regions.lengths[region]!) {
      // The next read has it.
      if (needed <= regions.limits[region]!) this.changed = true;
      return 0;
    }
    let slot = frame + (offset >> 2);
    // Bits at the end of a reference are marks (from 3.14), and the call may keep its callable one slot further.
    if ((call & orNextBit) !== 0 && (words[slot]! & ~7) === 0 && words[slot + 1] === 0) slot += 2;
    const callee = calls.callee(call & kindBits, words, frame, slot);
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

  /**
   * Adds a frame that the copy does not have, read by itself, to what a walk found so far; the next walk goes on from there. Returns its
   * caller: 0 when the frame was left meanwhile, which cuts the link, -1 when there is no such frame.
   */
  readFrame(memory: TargetMemory, address: number, into: Walk): number {
    const bytes = memory.read(address, this.#frameBytes);
    if (!bytes) return -1;
    const words = new Uint32Array(bytes.buffer);
    const at = into.count;
    if (this.#ownerShim >= 0 && bytes[this.#owner]! >= this.#ownerShim) {
      if (at > 0) into.ways[at - 1] = WayToCall.throughC;
    } else {
      if (at === into.codeLow.length) into.grow();
      into.codeLow[at] = words[this.#code]! & ~7;
      into.codeHigh[at] = words[this.#code + 1]!;
      into.instruction[at] = words[this.#instruction]!;
      into.callee[at] = 0;
      into.ways[at] = anyWay;
      into.count++;
    }
    into.given = into.count;
    return pointerAt(words, this.#previous << 2);
  }

  /** Makes the frames of this moment part of the first read: else that would bring nothing, and each thread be read again. */
  begin(memory: TargetMemory): void {
    const { threadState } = this.#layout;
    this.#cFrames?.expect(readPointer(memory, this.threadState + threadState.frame));
    const anchor = this.readAnchor(memory);
    if (isPointer(anchor)) this.cover(memory, anchor);
  }

  /** The current frame at this moment, read by itself; NaN when that cannot be. */
  readAnchor(memory: TargetMemory): number {
    const { threadState, cFrame } = this.#layout;
    const anchor = readPointer(memory, this.threadState + threadState.frame);
    return this.#cFrames ? readPointer(memory, anchor + cFrame.currentFrame) : anchor;
  }

  /** Makes the frames from `address` outwards part of the next read. False when there are none to be added. */
  cover(memory: TargetMemory, address: number): boolean {
    return this.regions.cover(memory, this.threadState, address);
  }

  /** Forgets what begins within the `length` bytes at `address`, which cannot be read any more. True when frames were there. */
  drop(address: number, length: number): boolean {
    this.#cFrames?.drop(address);
    return this.regions.drop(address, length);
  }
}
