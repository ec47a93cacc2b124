import { WayToCall } from '../calls/call-sites.js';
import type { FrameCall } from '../calls/code-calls.js';

/**
 * Frames per stack that are followed; what lies further out is shown as `<truncated>`. A walk of as many takes some 5 ms, its copy is of some
 * 8 MB from 3.11 on and 30 MB before.
 */
export const deepestStack = 65_536;

/** Tells which C function a frame is calling, from what lies in a slot of its value stack. Asked for every frame of every sample. */
export interface CallReader {
  /** Where a frame of this code keeps what it calls at this instruction: `packCall`, 0 when it calls nothing there. */
  callAt(codeLow: number, codeHigh: number, instruction: number): number;
  /**
   * The number of the C function, 0 when it is none or not certain (yet), and a negative number for a function of Python. `frame` and
   * `slot` are where the frame and the object that it calls begin in `words`; the slot after it is there as well. Follows a call of
   * `callAt`.
   */
  callee(kind: number, words: Uint32Array, frame: number, slot: number): number;
}

export const kindBits = 7;
export const orNextBit = 8;
export const onlyPythonBit = 16;
export const offsetShift = 5;

export function packCall({ offset, orNext, onlyPython, kind }: FrameCall): number {
  return (offset << offsetShift) | (onlyPython ? onlyPythonBit : 0) | (orNext ? orNextBit : 0) | kind;
}

/** A frame of which it is not known how it was called. */
export const anyWay = WayToCall.directly | WayToCall.resuming | WayToCall.throughC;

export type WalkEnd = 'whole' | 'missing' | 'torn';

/** The frames a walk found, innermost first. One is reused for all walks. */
export class Walk {
  count = 0;
  /** Frames that are there already when the next walk begins: it goes on from their caller. */
  given = 0;
  /** Frames further out than the last one found, which are as they were at the walk before (`KnownFrames`). */
  below = 0;
  /** `KnownFrames.version` of what it noted; -1: it noted nothing. */
  version = -1;
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
  ways = new Uint8Array(256);

  grow(): void {
    const size = this.codeLow.length * 2;
    this.codeLow = grown(this.codeLow, new Uint32Array(size));
    this.codeHigh = grown(this.codeHigh, new Uint32Array(size));
    this.instruction = grown(this.instruction, new Uint32Array(size));
    this.callee = grown(this.callee, new Int32Array(size));
    this.ways = grown(this.ways, new Uint8Array(size));
  }
}

/** `larger` with what is in `old` at its beginning. */
export function grown<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
