const high = 0x1_0000_0000;

/** Regions for which there is room at first: a process that was just found has 20 plans, most of a few regions. */
const firstRegions = 8;

/** Bytes between two words that are copied along rather than left out. */
const nearWords = 768;

/**
 * A list of regions to copy in one go, kept in the form that the kernel wants it so that nothing is converted per
 * read:
 *
 *     struct iovec[]:  | base low u32 | base high u32 | length low u32 | length high u32 |
 *
 * Regions are copied one after another without gaps; lengths that are multiples of 8 keep every region aligned.
 */
export class ReadPlan {
  iovecs = new Uint32Array(4 * firstRegions);
  count = 0;
  /** Sum of the lengths. */
  bytes = 0;
  #required = Number.POSITIVE_INFINITY;
  #whole = { count: 0, bytes: 0 };
  #part = { count: 0, bytes: 0 };
  #isPart = false;

  clear(): void {
    this.count = 0;
    this.bytes = 0;
    this.#isPart = false;
    this.#required = Number.POSITIVE_INFINITY;
  }

  /** A read that brings as many bytes is good: the regions after them may have vanished. */
  get requiredBytes(): number {
    return Math.min(this.#required, this.bytes);
  }

  /** Regions that are added from here on may be missing in the copy. */
  restMayBeMissing(): void {
    this.#required = Math.min(this.#required, this.bytes);
  }

  /** Adds a region; returns at which byte of the destination it will begin. */
  add(address: number, length: number): number {
    const at = this.count * 4;
    if (at === this.iovecs.length) {
      const larger = new Uint32Array(at * 2);
      larger.set(this.iovecs);
      this.iovecs = larger;
    }
    this.iovecs[at] = address % high;
    this.iovecs[at + 1] = (address / high) | 0;
    this.iovecs[at + 2] = length;
    this.iovecs[at + 3] = 0;
    const offset = this.bytes;
    this.count++;
    this.bytes += length;
    return offset;
  }

  /**
   * Adds words of 8 bytes at addresses that are multiples of 8; returns at which byte of the destination each will
   * be. Those that lie near each other become one region with what lies between them, since a region costs as much as
   * hundreds of bytes do.
   */
  addWords(addresses: readonly number[]): number[] {
    const sorted = [...new Set(addresses)].sort((a, b) => a - b);
    const offsets = new Map<number, number>();
    for (let first = 0, last = 0; first < sorted.length; first = ++last) {
      while (last + 1 < sorted.length && sorted[last + 1]! - sorted[last]! <= nearWords) last++;
      const begin = sorted[first]!;
      const offset = this.add(begin, sorted[last]! + 8 - begin);
      for (let at = first; at <= last; at++) offsets.set(sorted[at]!, offset + sorted[at]! - begin);
    }
    return addresses.map((address) => offsets.get(address)!);
  }

  /** What was added so far is the part that can be read by itself. */
  endPart(): void {
    this.#part = { count: this.count, bytes: this.bytes };
  }

  /** From now on only that part is read, or all again. To be called once the plan is made. */
  choose(which: 'part' | 'all'): void {
    const isPart = which === 'part';
    if (isPart === this.#isPart) return;
    if (isPart) {
      this.#whole.count = this.count;
      this.#whole.bytes = this.bytes;
    }
    this.#isPart = isPart;
    const { count, bytes } = isPart ? this.#part : this.#whole;
    this.count = count;
    this.bytes = bytes;
  }

  addressOf(index: number): number {
    return this.iovecs[index * 4 + 1]! * high + this.iovecs[index * 4]!;
  }

  lengthOf(index: number): number {
    return this.iovecs[index * 4 + 2]!;
  }

  /** The region in which byte `offset` of the destination lies. */
  regionAt(offset: number): number {
    let end = 0;
    for (let index = 0; index < this.count; index++) {
      end += this.lengthOf(index);
      if (offset < end) return index;
    }
    return this.count;
  }
}
