/** Words before the parts of one thing: the arrangement of copies in which they are, and how many there are. */
export const headOfThing = 2;
/** Words before those of a part: where a copy of it begins, how many there are, and its address. */
export const headOfPart = 4;
/** Word of a copy at which a part begins that is in none. */
export const nowhere = 0xffff_ffff;

const high = 0x1_0000_0000;

/**
 * Words of copies that are kept to be compared later, all in one array: an array each for 10,000 objects cost more than
 * all else. What is known of the parts stands before their words: when other programs have used the processor since
 * the last look, to fetch a line of memory from elsewhere takes as long as to compare thirty words.
 */
export class KeptWords {
  words = new Uint32Array(16);
  used = 0;

  /** Begins with the parts of another thing. Returns where its head is among `words`. */
  begin(): number {
    const thing = this.used;
    this.#grow(headOfThing);
    this.words[thing] = 0;
    this.words[thing + 1] = 0;
    return thing;
  }

  /** Appends a part of memory, a copy of which begins at `from[first]`. Returns where its head is. */
  append(thing: number, address: number, from: Uint32Array, first: number, count: number): number {
    const part = this.used;
    this.#grow(headOfPart + count);
    const { words } = this;
    words[thing + 1]!++;
    words[part] = nowhere;
    words[part + 1] = count;
    this.move(part, address);
    const start = part + headOfPart;
    for (let at = 0; at < count; at++) words[start + at] = from[first + at]!;
    return part;
  }

  /** A part lies at that address now. */
  move(part: number, address: number): void {
    this.words[part + 2] = address % high;
    this.words[part + 3] = address / high;
  }

  addressOf(part: number): number {
    return this.words[part + 3]! * high + this.words[part + 2]!;
  }

  /** Whether a copy has the words of a part, from the word `place` on. */
  hasPartAt(part: number, copy: Uint32Array, place: number): boolean {
    const { words } = this;
    const start = part + headOfPart;
    const count = words[part + 1]!;
    for (let word = 0; word < count; word++) if (copy[place + word] !== words[start + word]) return false;
    return true;
  }

  /**
   * Whether a copy in that arrangement has all parts of a thing, which stand one after the other here; `undefined` when
   * it is not known where they are in there.
   */
  hasAllOf(thing: number, copy: Uint32Array, arrangement: number): boolean | undefined {
    const { words } = this;
    if (words[thing] !== arrangement) return undefined;
    let part = thing + headOfThing;
    for (let left = words[thing + 1]!; left > 0; left--) {
      const place = words[part]!;
      const end = part + headOfPart + words[part + 1]!;
      if (place === nowhere) return undefined;
      const behind = place - part - headOfPart;
      for (let at = part + headOfPart; at < end; at++) if (copy[behind + at] !== words[at]) return false;
      part = end;
    }
    return true;
  }

  #grow(count: number): void {
    this.used += count;
    if (this.used <= this.words.length) return;
    const larger = new Uint32Array(this.used * 2);
    larger.set(this.words);
    this.words = larger;
  }
}
