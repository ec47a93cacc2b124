import { pageSize } from './paged-memory.js';
import { isPointer } from './pointers.js';
import { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';

/** 128 MiB: what is beyond cannot be read. */
const mostPages = 32_768;
/** Pages that cannot be read before the rest is given up: each costs a system call. */
const mostFailures = 2000;
const unreadable = -1;
/** Bytes that are not worth to be let go. */
const smallRoom = 1 << 20;

let nextArrangement = 1;

/**
 * Copies of the pages on which many small objects lie. Objects of one kind lie close together, and to copy a page takes
 * no longer than to ask for another region: 80,000 objects of 10,000 tasks, which lie on 4,000 pages, took three times
 * as long one by one.
 */
export class PageCopies {
  /** All pages that were read; replaced when there have to be more. */
  words: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  /** A number of its own for each arrangement of the pages: while it stays the same, so does what `at` gives. */
  arrangement = 0;
  /** By the number of a page (address / 4096): the byte at which it is in `words`. */
  readonly #pages = new Map<number, number>();
  #wanted: number[] = [];
  /** Bytes of `words` that are used. */
  #used = 0;
  readonly #plan = new ReadPlan();
  /** The plan has all pages, in the order in which they are in `words`. */
  #isWhole = false;

  /** Whether the next reading of all leaves each page where it is: they were copied together, and none is to come. */
  get isSettled(): boolean {
    return this.#isWhole && this.#wanted.length === 0;
  }

  /** Forgets all that was wanted, but keeps the room for copies while most of it was used. */
  clear(): void {
    const room = this.words.byteLength;
    if (room > smallRoom && this.#used * 4 < room) this.words = new Uint32Array(0);
    this.#pages.clear();
    this.#wanted = [];
    this.#used = 0;
    this.#isWhole = false;
    this.arrangement = 0;
  }

  /** Says that the bytes from `address` on will be asked for. Nothing but multiples of 8 is an address of an object. */
  want(address: number, length: number): void {
    if (!isPointer(address) || address % 8 !== 0) return;
    const last = Math.floor((address + length - 1) / pageSize);
    for (let page = Math.floor(address / pageSize); page <= last; page++) {
      if (this.#pages.has(page) || this.#pages.size >= mostPages) continue;
      this.#pages.set(page, unreadable);
      this.#wanted.push(page);
    }
  }

  /** Reads what is wanted and not there yet. */
  read(memory: TargetMemory): void {
    this.#copy(memory, this.#wanted);
    this.#wanted = [];
  }

  /** Reads all that was ever wanted, anew. */
  readAll(memory: TargetMemory): void {
    if (this.#isWhole && this.#wanted.length === 0) {
      const into = new Uint8Array(this.words.buffer, 0, this.#plan.bytes);
      if (memory.readMany(this.#plan, into) === this.#plan.bytes) return;
    }
    this.#used = 0;
    this.#wanted = [];
    this.#isWhole = this.#copy(memory, [...this.#pages.keys()]);
  }

  /**
   * Byte of `words` at which a copy of the bytes from `address` on is; -1 when it cannot be read, or was not asked for.
   */
  at(address: number, length: number): number {
    if (!isPointer(address) || address % 8 !== 0) return unreadable;
    const page = Math.floor(address / pageSize);
    const place = this.#pages.get(page) ?? unreadable;
    if (place < 0) return unreadable;
    const offset = address - page * pageSize;
    if (offset + length <= pageSize) return place + offset;
    return this.#across(page, place, offset, length);
  }

  /** What goes on in the next page, which may lie elsewhere in the copy: put together at its end. */
  #across(page: number, place: number, offset: number, length: number): number {
    const next = this.#pages.get(page + 1) ?? unreadable;
    if (next < 0 || offset + length > 2 * pageSize) return unreadable;
    if (next === place + pageSize) return place + offset;
    const at = this.#used;
    this.#grow(at + ((length + 7) & ~7));
    const bytes = new Uint8Array(this.words.buffer);
    bytes.copyWithin(at, place + offset, place + pageSize);
    bytes.copyWithin(at + pageSize - offset, next, next + offset + length - pageSize);
    return at;
  }

  /** Whether all of them could be read. */
  #copy(memory: TargetMemory, pages: readonly number[]): boolean {
    if (pages.length === 0) return false;
    this.arrangement = nextArrangement++;
    this.#isWhole = false;
    const numbers = Float64Array.from(pages).sort();
    this.#plan.clear();
    for (let first = 0, last = 0; first < numbers.length; first = ++last) {
      while (numbers[last + 1] === numbers[last]! + 1) last++;
      this.#plan.add(numbers[first]! * pageSize, (last - first + 1) * pageSize);
    }
    const start = this.#used;
    this.#grow(start + numbers.length * pageSize);
    const into = new Uint8Array(this.words.buffer, start, numbers.length * pageSize);
    const filled = Math.max(0, memory.readMany(this.#plan, into));
    let failures = 0;
    let missing = 0;
    for (let at = 0; at < numbers.length; at++) {
      let isThere = (at + 1) * pageSize <= filled;
      if (!isThere && failures < mostFailures) {
        const page = memory.read(numbers[at]! * pageSize, pageSize);
        if (page) into.set(page, at * pageSize);
        else failures++;
        isThere = page !== undefined;
      }
      if (!isThere) missing++;
      this.#pages.set(numbers[at]!, isThere ? start + at * pageSize : unreadable);
    }
    return missing === 0;
  }

  #grow(bytes: number): void {
    this.#used = bytes;
    if (bytes <= this.words.byteLength) return;
    const larger = new Uint32Array(Math.max(bytes, (this.words.byteLength * 3) >> 1) >> 2);
    larger.set(this.words);
    this.words = larger;
  }
}
