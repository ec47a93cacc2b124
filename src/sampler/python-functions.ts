import type { Layout } from '../cpython/layout.js';
import { readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';

const highHalf = 0x1_0000_0000;
/** Microseconds for which what a function runs need not be read again. Functions that short ones stand in for are met thousands of times a second. */
const lastsFor = 200;

/**
 * Function objects of Python that were seen to be called, numbered from 1, and which code they run. Their addresses are reused: so what they run
 * is read again before it counts against a call, or stands in for a frame that was torn.
 */
export class PythonFunctions {
  /** Addresses of code by number, as last read; 0: there was none. */
  readonly codeLow: number[] = [0];
  readonly codeHigh: number[] = [0];
  readonly #addresses: number[] = [0];
  readonly #readAt: number[] = [0];
  readonly #numbers = new Map<number, number>();
  readonly #memory: TargetMemory;
  readonly #layout: Layout;

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
  }

  get count(): number {
    return this.#addresses.length;
  }

  /** 0 for what is no function of Python. `now`: microseconds. */
  numberOf(address: number, now: number): number {
    if (address === 0) return 0;
    const number = this.#numbers.get(address) ?? this.#addresses.push(address) - 1;
    this.#numbers.set(address, number);
    this.#read(number, now);
    return number;
  }

  #read(fn: number, now: number): void {
    const code = readPointer(this.#memory, this.#addresses[fn]! + this.#layout.pythonFunction.code) || 0;
    this.codeLow[fn] = code % highHalf;
    this.codeHigh[fn] = Math.floor(code / highHalf);
    this.#readAt[fn] = now;
  }

  /** Reads again which code a function runs, if that is long ago; false when it is none. */
  lookAgain(fn: number, now: number): boolean {
    if (now - this.#readAt[fn]! >= lastsFor) this.#read(fn, now);
    return this.codeLow[fn] !== 0 || this.codeHigh[fn] !== 0;
  }

  /** Whether a function runs the code at an address. */
  runs(fn: number, codeLow: number, codeHigh: number, now: number): boolean {
    const isKnown = () => this.codeLow[fn] === codeLow && this.codeHigh[fn] === codeHigh;
    if (isKnown()) return true;
    this.lookAgain(fn, now);
    return isKnown();
  }

  clear(): void {
    this.#numbers.clear();
    this.codeLow.length = this.codeHigh.length = this.#addresses.length = this.#readAt.length = 1;
  }
}
