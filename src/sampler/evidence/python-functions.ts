import type { Layout } from '../../cpython/layout.js';
import { readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';

/**
 * Microseconds for which what a function runs need not be read again. Functions that short ones stand in for are met
 * thousands of times a second.
 */
const lastsFor = 200;

/**
 * Function objects of Python that were seen to be called, numbered from 1, and which code they run. Their addresses are
 * reused: so what they run is read again before it counts against a call, or stands in for a frame that was torn.
 */
export class PythonFunctions {
  /** By number: address of the code, as last read; 0: there was none. */
  readonly #codes: number[] = [0];
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
    this.#codes[fn] = readPointer(this.#memory, this.#addresses[fn]! + this.#layout.pythonFunction.code) || 0;
    this.#readAt[fn] = now;
  }

  /** Address of the code that a function runs, read again if that is long ago; 0 when it runs none. */
  codeOf(fn: number, now: number): number {
    if (now - this.#readAt[fn]! >= lastsFor) this.#read(fn, now);
    return this.#codes[fn]!;
  }

  /** Whether a function runs the code at an address. */
  runs(fn: number, code: number, now: number): boolean {
    return this.#codes[fn] === code || this.codeOf(fn, now) === code;
  }

  clear(): void {
    this.#numbers.clear();
    this.#codes.length = this.#addresses.length = this.#readAt.length = 1;
  }
}
