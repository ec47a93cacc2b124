/**
 * Numbers pairs of a stack and another number, such as a state, in order of first sight: as a `PairTable`, for few
 * others a stack. The pairs of a stack are a list, so that finding one reads less memory than a table of all does.
 */
export class StackPairs {
  /** By stack: one more than its newest pair; 0 for none. */
  readonly #newest: Int32Array;
  #size = 0;
  #stack = new Int32Array(64);
  #other = new Int32Array(64);
  /** By pair: one more than the one of the same stack before it. */
  #before = new Int32Array(64);

  /** `stacks`: how many there are. */
  constructor(stacks: number) {
    this.#newest = new Int32Array(stacks);
  }

  get size(): number {
    return this.#size;
  }

  firstOf(number: number): number {
    return this.#stack[number]!;
  }

  secondOf(number: number): number {
    return this.#other[number]!;
  }

  intern(stack: number, other: number): number {
    const others = this.#other;
    let pair = this.#newest[stack]! - 1;
    while (pair >= 0 && others[pair] !== other) pair = this.#before[pair]! - 1;
    return pair >= 0 ? pair : this.#make(stack, other);
  }

  #make(stack: number, other: number): number {
    const pair = this.#size++;
    if (pair === this.#stack.length)
      [this.#stack, this.#other, this.#before] = [this.#stack, this.#other, this.#before].map(larger) as [
        Int32Array<ArrayBuffer>,
        Int32Array<ArrayBuffer>,
        Int32Array<ArrayBuffer>,
      ];
    this.#stack[pair] = stack;
    this.#other[pair] = other;
    this.#before[pair] = this.#newest[stack]!;
    this.#newest[stack] = pair + 1;
    return pair;
  }
}

function larger(values: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(values.length * 2);
  copy.set(values);
  return copy;
}
