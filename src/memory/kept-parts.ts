import type { KeptWords } from './kept-words.js';
import type { PageCopies } from './page-copies.js';
import { pageSize } from './paged-memory.js';

/** The parts of memory that something was found in: as long as these have the same bytes, so is what was found. */
export class KeptParts {
  /** Of each part that must stay as it is. */
  readonly #addresses: number[] = [];
  /**
   * Of each: number of words, and where in `#kept` these begin. Not beside the addresses, which are no small integers,
   * so that these would be none either.
   */
  readonly #spans: number[] = [];
  #kept: KeptWords;
  /** Word of the copies at which each part begins, in that arrangement of them. */
  readonly #places: number[] = [];
  #arrangement = 0;

  constructor(kept: KeptWords) {
    this.#kept = kept;
  }

  /**
   * The bytes from `address` to `end`, which `words` has from byte `at` on, must be the same when they are read again.
   */
  keep(address: number, end: number, words: Uint32Array, at: number): void {
    const count = Math.ceil((end - address) / 4);
    this.#addresses.push(address);
    this.#spans.push(count, this.#kept.append(words, at >> 2, count));
  }

  /**
   * A part lies there now, of which `words` has a copy from that word on. All parts are to be said, and `isArranged`.
   */
  rekeep(part: number, address: number, words: Uint32Array, place: number): void {
    this.#addresses[part] = address;
    this.#places[part] = place;
    const kept = this.#kept.words;
    const count = this.#spans[2 * part]!;
    const start = this.#spans[2 * part + 1]!;
    for (let word = 0; word < count; word++) kept[start + word] = words[place + word]!;
  }

  /** A part that was kept is there in the copies. */
  placed(part: number, place: number): void {
    this.#places[part] = place;
  }

  /** Whether `words` has a part from that word on. */
  hasPartAt(part: number, words: Uint32Array, place: number): boolean {
    const kept = this.#kept.words;
    const count = this.#spans[2 * part]!;
    const start = this.#spans[2 * part + 1]!;
    for (let word = 0; word < count; word++) if (words[place + word] !== kept[start + word]) return false;
    return true;
  }

  /** The parts are in the places that were said, in that arrangement of copies. */
  isArranged(arrangement: number): void {
    this.#arrangement = arrangement;
  }

  /** Number of words of a part. */
  countOf(part: number): number {
    return this.#spans[2 * part]!;
  }

  addressOf(part: number): number {
    return this.#addresses[part]!;
  }

  /** How many words it keeps. */
  get keptCount(): number {
    let count = 0;
    for (let at = 0; at < this.#spans.length; at += 2) count += this.#spans[at]!;
    return count;
  }

  /** Its words are in `kept` from now on. */
  moveTo(kept: KeptWords): void {
    for (let at = 0; at < this.#spans.length; at += 2)
      this.#spans[at + 1] = kept.append(this.#kept.words, this.#spans[at + 1]!, this.#spans[at]!);
    this.#kept = kept;
  }

  /** Calls this with the number of each page on which something lies that it keeps. */
  eachPage(act: (page: number) => void): void {
    for (let part = 0; part < this.#addresses.length; part++) {
      const address = this.#addresses[part]!;
      const last = Math.floor((address + this.#spans[2 * part]! * 4 - 1) / pageSize);
      for (let page = Math.floor(address / pageSize); page <= last; page++) act(page);
    }
  }

  wantIn(copies: PageCopies): void {
    for (let part = 0; part < this.#addresses.length; part++)
      copies.want(this.#addresses[part]!, this.#spans[2 * part]! * 4);
  }

  /** Whether copies that were made of what it wants have the same bytes. */
  isIn(copies: PageCopies): boolean {
    if (this.#arrangement !== copies.arrangement) this.#findPlaces(copies);
    const kept = this.#kept.words;
    const { words } = copies;
    const places = this.#places;
    const spans = this.#spans;
    for (let part = 0; part < places.length; part++) {
      const at = places[part]!;
      if (at < 0) return false;
      const start = spans[2 * part + 1]!;
      const count = spans[2 * part]!;
      for (let word = 0; word < count; word++) if (words[at + word] !== kept[start + word]) return false;
    }
    return true;
  }

  /** As `isIn`, of what was copied a second time; `undefined`: not all of it was. */
  isInSecond(copies: PageCopies): boolean | undefined {
    if (this.#arrangement !== copies.arrangement) this.#findPlaces(copies);
    const kept = this.#kept.words;
    const words = copies.second;
    for (let part = 0; part < this.#places.length; part++) {
      const at = this.#places[part]!;
      const count = this.#spans[2 * part]!;
      if (at < 0 || !copies.isReadAgain(at, count)) return undefined;
      const start = this.#spans[2 * part + 1]!;
      for (let word = 0; word < count; word++) if (words[at + word] !== kept[start + word]) return false;
    }
    return true;
  }

  #findPlaces(copies: PageCopies): void {
    this.#places.length = 0;
    for (let part = 0; part < this.#addresses.length; part++)
      this.#places.push(copies.at(this.#addresses[part]!, this.#spans[2 * part]! * 4) >> 2);
    this.#arrangement = copies.arrangement;
  }
}
