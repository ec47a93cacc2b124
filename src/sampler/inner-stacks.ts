import type { StackDefinitions } from '../recording/recording-encoder.js';

/** Stacks that are put together before all are forgotten, so that memory is bounded. */
const mostBelow = 100_000;
/** Stacks for which there is room once one is noted. */
const fewestStacks = 1024;
/** More stacks than a recording has: two numbers of them make one. */
const mostStacks = 2 ** 26;
/** The C functions that run code in another interpreter, under all the names that they have had. */
const enteringName = /^_(?:xx)?(?:sub)?interpreters\.(?:run_string|run_func|exec|call)$/;

/** Whether a C function of that name runs code in another interpreter. */
export function entersInterpreter(cName: string): boolean {
  return enteringName.test(cName);
}

/**
 * One thread may run several interpreters, one within the other: the outer one waits in a C function for the inner one.
 * Here the stack of the inner one is put below that of the outer one. All stacks are those of the recording, by number.
 */
export class InnerStacks {
  /** The process has several interpreters. */
  isOn = false;
  /** Parts of stacks are put below others all the same. Whether stacks are noted: it takes memory. */
  hasParts = false;
  readonly #encoder: StackDefinitions;
  /** Most processes have one interpreter, and note nothing. */
  #parents = new Int32Array(0);
  #frames = new Int32Array(0);
  readonly #entering = new Set<number>();
  readonly #below = new Map<number, Map<number, number>>();
  #size = 0;

  constructor(encoder: StackDefinitions) {
    this.#encoder = encoder;
  }

  /** Notes what a stack is made of; `cName`: the name of its innermost function where that is one of C. */
  note(stack: number, parent: number, frame: number, cName = ''): void {
    if (!this.isOn && !this.hasParts) return;
    if (stack >= this.#parents.length) {
      this.#parents = grown(this.#parents, stack);
      this.#frames = grown(this.#frames, stack);
    }
    this.#parents[stack] = parent;
    this.#frames[stack] = frame;
    if (entersInterpreter(cName)) this.#entering.add(stack);
  }

  /** Whether the stack ends in a C function that runs another interpreter. */
  isEntering(stack: number): boolean {
    return this.#entering.has(stack);
  }

  /** The stack of `inner` below `outer`; of `inner` only what is below its callers `from`. */
  below(outer: number, inner: number, from = 0): number {
    let known = this.#below.get(outer);
    if (known === undefined) {
      known = new Map();
      this.#below.set(outer, known);
    }
    const key = inner + from * mostStacks;
    let stack = known.get(key);
    if (stack === undefined) {
      if (this.#size++ > mostBelow) this.#forget();
      stack = this.#define(outer, inner, from);
      known.set(key, stack);
    }
    return stack;
  }

  #define(outer: number, inner: number, from: number): number {
    const frames: number[] = [];
    for (let at = inner; at > from; at = this.#parents[at] ?? 0) frames.push(this.#frames[at]!);
    return frames.reduceRight((parent, frame) => this.#encoder.defineStack(parent, frame), outer);
  }

  #forget(): void {
    this.#below.clear();
    this.#size = 0;
  }
}

function grown(column: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(index + 1, column.length * 2, fewestStacks));
  larger.set(column);
  return larger;
}
