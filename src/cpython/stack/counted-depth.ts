import type { Reading } from './reading.js';

/** C functions that may guard against recursion between one frame and the next, and count themselves. */
const guardedCalls = 2;
/**
 * The same in Python 2: an instance of a class without a base is called, then its `__call__`, a method, and the
 * function of that. A function that is called with `*` or `**` is called by one.
 */
const python2Calls = 4;
const python2FunctionCalls = 1;
/** Up to 3.7: those that do so below the first frame of a thread: what calls its bound method. */
const guardedStarts = 1;
/** Readings in a row that must lack as many frames, before it is the thread that counts so many more. */
const votesNeeded = 8;
/** Numbers of frames that are believed at a time: what is between two greenlets' first frames differs by some calls. */
const mostBelieved = 4;

/**
 * Whether a reading has as many frames as its thread counts, up to 3.10; if it lacks some it may be torn.
 *
 * The thread counts some C functions as well: those between a frame and its caller, unless the caller has a function of
 * Python in hand. And a greenlet counts on from what first switched to it, and C functions may call deep down: as long
 * as that runs, each reading lacks as many. So that is put to the vote of the readings that held still: accidents
 * differ, or are over at the next one.
 */
export class CountedDepth {
  readonly #ofFunction: number;
  readonly #ofOther: number;
  readonly #ofFirst: number;
  readonly #believed: number[] = [];
  #lacking = 0;
  #votes = 0;

  constructor(minor: number) {
    this.#ofFunction = minor < 0 ? python2FunctionCalls : 0;
    this.#ofOther = minor < 0 ? python2Calls : guardedCalls;
    this.#ofFirst = this.#ofOther + (minor <= 7 ? guardedStarts : 0);
  }

  /** Whether a thread that counts `depth` may have the frames of a reading, all of them. */
  fits(depth: number, { count, callee }: Reading): boolean {
    if (depth < count) return false;
    let most = count + this.#ofFirst;
    for (let at = 1; at < count && most < depth; at++)
      most += callee[at]! >= 0 ? this.#ofOther : this.#ofFunction;
    if (depth <= most) return true;
    return this.#believed.some((lacking) => lacking >= depth - most && lacking <= depth - count);
  }

  /** A reading that held still lacks so many. Returns whether that is believed from now on. */
  vote(lacking: number): boolean {
    this.#votes = lacking === this.#lacking ? this.#votes + 1 : 1;
    this.#lacking = lacking;
    if (lacking <= 0 || this.#votes < votesNeeded) return false;
    this.#votes = 0;
    this.#believed.unshift(lacking);
    this.#believed.length = Math.min(this.#believed.length, mostBelieved);
    return true;
  }

  /** A reading that held still lacks none: what the ones before lacked was an accident. */
  reset(): void {
    this.#votes = 0;
  }
}
