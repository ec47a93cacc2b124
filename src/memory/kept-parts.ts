import { headOfPart, headOfThing, type KeptWords, nowhere } from './kept-words.js';
import type { PageCopies } from './page-copies.js';
import { pageSize } from './paged-memory.js';

/** The parts of memory that something was found in: as long as these have the same bytes, so is what was found. */
export class KeptParts {
  /** Where in `#kept` its head is, and that of each part. */
  #thing: number;
  readonly #parts: number[] = [];
  #kept: KeptWords;
  /** Where the next part comes when these are all together. */
  #end: number;
  #isTogether = true;

  constructor(kept: KeptWords) {
    this.#kept = kept;
    this.#thing = kept.begin();
    this.#end = kept.used;
  }

  /**
   * The bytes from `address` to `end`, which `words` has from byte `at` on, must be the same when they are read again.
   */
  keep(address: number, end: number, words: Uint32Array, at: number): void {
    const count = Math.ceil((end - address) / 4);
    this.#append(address, words, at >> 2, count);
    this.isArranged(0);
  }

  #append(address: number, from: Uint32Array, first: number, count: number): number {
    const part = this.#kept.append(this.#thing, address, from, first, count);
    if (part !== this.#end) this.#isTogether = false;
    this.#end = this.#kept.used;
    return this.#parts.push(part) - 1;
  }

  /**
   * A part lies there now, of which `words` has a copy from that word on. All parts are to be said, and `isArranged`.
   */
  rekeep(index: number, address: number, words: Uint32Array, place: number): void {
    const part = this.#parts[index]!;
    const kept = this.#kept.words;
    this.#kept.move(part, address);
    kept[part] = place;
    const start = part + headOfPart;
    const count = kept[part + 1]!;
    for (let word = 0; word < count; word++) kept[start + word] = words[place + word]!;
  }

  /** The same of two copies; returns whether both have the same words there. */
  rekeepBoth(index: number, address: number, copies: PageCopies, place: number): boolean {
    const part = this.#parts[index]!;
    const kept = this.#kept.words;
    const count = kept[part + 1]!;
    if (!copies.isReadAgain(place, count)) return false;
    if (kept[part] !== place) {
      this.#kept.move(part, address);
      kept[part] = place;
    }
    const { words, second } = copies;
    const start = part + headOfPart;
    for (let word = 0; word < count; word++) {
      const now = words[place + word]!;
      if (second[place + word] !== now) return false;
      kept[start + word] = now;
    }
    return true;
  }

  /**
   * Whether both copies have a part where it was, with the words that were kept. `but`: the first of two words that may
   * be others, and are kept.
   */
  isInBoth(index: number, copies: PageCopies, but = none): boolean {
    const part = this.#parts[index]!;
    const kept = this.#kept.words;
    const place = kept[part]!;
    const count = kept[part + 1]!;
    if (!this.#isPlacedIn(copies) || !copies.isReadAgain(place, count)) return false;
    const { words, second } = copies;
    const start = part + headOfPart;
    for (let word = 0; word < count; word++) {
      const now = words[place + word]!;
      if (second[place + word] !== now) return false;
      if (kept[start + word] === now) continue;
      if (word !== but && word !== but + 1) return false;
      kept[start + word] = now;
    }
    return true;
  }

  #isPlacedIn({ arrangement }: PageCopies): boolean {
    return this.#kept.words[this.#thing] === arrangement;
  }

  /** Word of the copies at which a part begins. */
  placeOf(index: number): number {
    return this.#kept.words[this.#parts[index]!]!;
  }

  /** A part that was kept is there in the copies. */
  placed(index: number, place: number): void {
    this.#kept.words[this.#parts[index]!] = place;
  }

  /** Whether `words` has a part from that word on. */
  hasPartAt(index: number, words: Uint32Array, place: number): boolean {
    return this.#kept.hasPartAt(this.#parts[index]!, words, place);
  }

  /** The parts are in the places that were said, in that arrangement of copies. */
  isArranged(arrangement: number): void {
    this.#kept.words[this.#thing] = arrangement;
  }

  /** Number of words of a part. */
  countOf(index: number): number {
    return this.#kept.words[this.#parts[index]! + 1]!;
  }

  addressOf(index: number): number {
    return this.#kept.addressOf(this.#parts[index]!);
  }

  /** How many words it keeps. */
  get keptCount(): number {
    let count = headOfThing;
    for (let index = 0; index < this.#parts.length; index++) count += headOfPart + this.countOf(index);
    return count;
  }

  /** Whether `hasAllOf` of `kept` can find it. */
  isTogetherIn(kept: KeptWords): boolean {
    return this.#isTogether && kept === this.#kept;
  }

  /** Where that finds it. */
  togetherIn(kept: KeptWords): number {
    if (!this.isTogetherIn(kept)) this.moveTo(kept);
    return this.#thing;
  }

  /** Its words are in `kept` from now on. */
  moveTo(kept: KeptWords): void {
    const last = this.#kept;
    const arrangement = last.words[this.#thing]!;
    const parts = this.#parts.splice(0);
    this.#kept = kept;
    this.#thing = kept.begin();
    this.#end = kept.used;
    this.#isTogether = true;
    for (const part of parts) {
      const { words } = last;
      const index = this.#append(last.addressOf(part), words, part + headOfPart, words[part + 1]!);
      this.placed(index, words[part]!);
    }
    this.isArranged(arrangement);
  }

  /** Calls this with the number of each page on which something lies that it keeps. */
  eachPage(act: (page: number) => void): void {
    for (let index = 0; index < this.#parts.length; index++) {
      const address = this.addressOf(index);
      const last = Math.floor((address + this.countOf(index) * 4 - 1) / pageSize);
      for (let page = Math.floor(address / pageSize); page <= last; page++) act(page);
    }
  }

  wantIn(copies: PageCopies): void {
    for (let index = 0; index < this.#parts.length; index++)
      copies.want(this.addressOf(index), this.countOf(index) * 4);
  }

  /** Whether copies that were made of what it wants have the same bytes. */
  isIn(copies: PageCopies): boolean {
    this.#findPlaces(copies);
    const kept = this.#kept;
    for (let index = 0; index < this.#parts.length; index++) {
      const part = this.#parts[index]!;
      const place = kept.words[part]!;
      if (place === nowhere || !kept.hasPartAt(part, copies.words, place)) return false;
    }
    return true;
  }

  /** As `isIn`, of what was copied a second time; `undefined`: not all of it was. */
  isInSecond(copies: PageCopies): boolean | undefined {
    this.#findPlaces(copies);
    const kept = this.#kept;
    for (let index = 0; index < this.#parts.length; index++) {
      const part = this.#parts[index]!;
      const place = kept.words[part]!;
      if (place === nowhere || !copies.isReadAgain(place, kept.words[part + 1]!)) return undefined;
      if (!kept.hasPartAt(part, copies.second, place)) return false;
    }
    return true;
  }

  #findPlaces(copies: PageCopies): void {
    if (this.#isPlacedIn(copies)) return;
    for (let index = 0; index < this.#parts.length; index++) {
      const at = copies.at(this.addressOf(index), this.countOf(index) * 4);
      this.placed(index, at < 0 ? nowhere : at >> 2);
    }
    this.isArranged(copies.arrangement);
  }
}

/** No word of a part. */
const none = -2;
