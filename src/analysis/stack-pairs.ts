/**
 * Numbers pairs of a stack and another number, such as a state, in order of first sight: as a `PairTable`, for few
 * others a stack. The pairs of a stack are a list, so that finding one reads less memory than a table of all does.
 */
export class StackPairs {
  /** By stack: where its newest pair lies, and one more; 0 for none. */
  readonly #newest: Int32Array;
  #end = 0;
  /**
   * By pair: the other number; where the pair of the same stack before it lies, and one more; the stack. Next to each
   * other, since each look at memory takes longer than all that is done with it.
   */
  #pairs = new Int32Array(64 * width);

  /** `stacks`: how many there are. */
  constructor(stacks: number) {
    this.#newest = new Int32Array(stacks);
  }

  get size(): number {
    return this.#end / width;
  }

  firstOf(number: number): number {
    return this.#pairs[number * width + 2]!;
  }

  secondOf(number: number): number {
    return this.#pairs[number * width]!;
  }

  intern(stack: number, other: number): number {
    const pairs = this.#pairs;
    let at = this.#newest[stack]! - 1;
    while (at >= 0 && pairs[at] !== other) at = pairs[at + 1]! - 1;
    return (at >= 0 ? at : this.#make(stack, other)) / width;
  }

  #make(stack: number, other: number): number {
    const at = this.#end;
    if (at === this.#pairs.length) this.#pairs = larger(this.#pairs);
    this.#pairs[at] = other;
    this.#pairs[at + 1] = this.#newest[stack]!;
    this.#pairs[at + 2] = stack;
    this.#newest[stack] = at + 1;
    this.#end += width;
    return at;
  }
}

/** Numbers of a pair; four, so that it lies in one line of a cache. */
const width = 4;

function larger(values: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(values.length * 2);
  copy.set(values);
  return copy;
}
