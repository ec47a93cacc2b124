/**
 * Words of copies that are kept to be compared later, all in one array: an array each for 10,000 objects cost more than
 * all else.
 */
export class KeptWords {
  words = new Uint32Array(1024);
  used = 0;

  /** Returns where they begin among `words`. */
  append(from: Uint32Array, first: number, count: number): number {
    const start = this.used;
    this.used += count;
    if (this.used > this.words.length) {
      const larger = new Uint32Array(this.used * 2);
      larger.set(this.words);
      this.words = larger;
    }
    const { words } = this;
    for (let at = 0; at < count; at++) words[start + at] = from[first + at]!;
    return start;
  }
}
