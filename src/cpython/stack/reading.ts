import { firstRoom, grown } from '../../model/grown.js';
import { type IdColumn, idColumn, type SiteId } from '../../model/ids.js';
import { WayToCall } from '../calls/call-sites.js';
import type { FrameCall } from '../calls/code-calls.js';

/**
 * Frames per stack that are followed; outer ones are shown as `<truncated>`. To follow as many takes some 5 ms, their
 * copy is of some 8 MB from 3.11 on and 30 MB before.
 */
export const deepestStack = 65_536;

/**
 * What the copy says of a frame's call: it has not given back anything yet, which the end of the frame's stack shows
 * (from 3.14). Otherwise it is known of the innermost frame at most whether its call goes on: below an outer one may
 * run what the interpreter runs between two calls, such as a signal's handler.
 */
export type AskedFrame = 'calling' | 'innermost' | 'outer';

/** Numbers the sites at which frames are, and knows what is called there. Asked for every frame of every sample. */
export interface SiteReader {
  /** The site of a frame with this code and instruction: as the frame has them, of the instruction the low half. */
  siteOf(codeLow: number, codeHigh: number, instruction: number): SiteId;
  /** Where a frame at the site keeps what it calls: `packCall`, 0 when it calls nothing there. */
  callAt(site: SiteId): number;
  /** How it stands with the frame that `calleeAt` is asked about next. */
  asked: AskedFrame;
  /**
   * The number of the C function, 0 when it is none or not certain (yet), and a negative number for a function of
   * Python. `frame` and `slot` are where the frame and the object that it calls begin in `words`, and `address`
   * where the frame is; the slot after it is there as well.
   */
  calleeAt(site: SiteId, words: Uint32Array, frame: number, slot: number, address: number): number;
}

export const kindBits = 7;
export const orNextBit = 8;
export const onlyPythonBit = 16;
export const offsetShift = 5;

export function packCall({ offset, orNext, onlyPython, kind }: FrameCall): number {
  return (offset << offsetShift) | (onlyPython ? onlyPythonBit : 0) | (orNext ? orNextBit : 0) | kind;
}

/** A frame of which it is not known how it was entered. */
export const anyWay = WayToCall.directly | WayToCall.resuming | WayToCall.throughC;

/** How a reading ended: at the outermost frame, at one that was not copied, or at what cannot be a stack. */
export type ReadingEnd = 'whole' | 'missing' | 'torn';

/** One thread's frames at one moment, as they were copied, innermost first. One is reused for all. */
export class Reading {
  count = 0;
  /** Outer frames after the last one, which are as they were at the reading before (`KnownFrames`). */
  below = 0;
  /** `KnownFrames.version` of what was noted of it; -1: nothing. */
  version = -1;
  truncated = false;
  /** The innermost frame was not in the copy but read by itself, later. */
  isAlone = false;
  /** How many of the innermost frames were left before they were copied, as far as they say so (from 3.14). */
  left = 0;
  end: ReadingEnd = 'whole';
  /** With end `missing`: the frame that is not in the copy. */
  missing = 0;
  /** Where each frame is. */
  site: IdColumn<SiteId> = idColumn(firstRoom);
  /** What it calls: the number of a C function, 0 for none, negative for a function of Python. */
  callee = new Int32Array(firstRoom);
  /**
   * The ways (`WayToCall`) in which it can have been entered, by what lies between it and its caller and where it lies
   * itself.
   */
  ways = new Uint8Array(firstRoom);

  /** Empties it. */
  clear(): void {
    this.count = 0;
    this.below = 0;
    this.version = -1;
    this.truncated = false;
    this.isAlone = false;
    this.left = 0;
    this.end = 'whole';
  }

  /** Adds a frame further out. */
  add(site: SiteId, callee: number, ways: number): void {
    if (this.count === this.site.length) this.#grow();
    this.site[this.count] = site;
    this.callee[this.count] = callee;
    this.ways[this.count] = ways;
    this.count++;
  }

  /** The frame added last was entered by way of C. */
  setThroughC(): void {
    if (this.count > 0) this.ways[this.count - 1] = WayToCall.throughC;
  }

  #grow(): void {
    const size = this.site.length * 2;
    this.site = grown(this.site, size);
    this.callee = grown(this.callee, size);
    this.ways = grown(this.ways, size);
  }
}
