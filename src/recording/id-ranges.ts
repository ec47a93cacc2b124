import { damaged } from './payload-cursor.js';

/**
 * Where the rows of a table went: ids of the file → indexes in memory. They differ once a block was lost, which leaves
 * a hole in the ids. One range while nothing is lost, however many rows.
 */
export class IdRanges {
  readonly #ranges: { first: number; count: number; index: number }[] = [];

  /** Ids `first` and the `count - 1` after it are at `index` and after it. Ids only grow. */
  add(first: number, count: number, index: number): void {
    const last = this.#ranges.at(-1);
    const end = last ? last.first + last.count : 0;
    if (first < end) throw damaged(`id ${first} is defined twice`);
    if (last && first === end && index === last.index + last.count) last.count += count;
    else this.#ranges.push({ first, count, index });
  }

  /** The index of `id`, -1 when its definition was lost. */
  find(id: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const range = this.#ranges[middle]!;
      if (id < range.first) high = middle;
      else if (id >= range.first + range.count) low = middle + 1;
      else return range.index + id - range.first;
    }
    return -1;
  }
}
