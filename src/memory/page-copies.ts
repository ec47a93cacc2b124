import { PageTable } from './page-table.js';
import { pageSize } from './paged-memory.js';
import { isPointer } from './pointers.js';
import { ReadPlan } from './read-plan.js';
import { allOf, type Steps } from './steps.js';
import type { TargetMemory } from './target-memory.js';

/** 128 MiB: what is beyond cannot be read. */
const mostPages = 32_768;
/** Pages that cannot be read before the rest is given up: each costs a system call. */
const mostFailures = 2000;
const unreadable = -1;
/** Copied at once: in some 0.1 ms. */
const pagesPerPlan = 128;
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
  /** The same pages as they were a moment later (`readingAgain`), in the same places. */
  second: Uint32Array<ArrayBuffer> = new Uint32Array(0);
  /**
   * A number of its own for each arrangement of the pages: while it stays the same, so does what `at` gives of a page
   * that is there.
   */
  arrangement = 0;
  /** By the number of a page (address / 4096): the byte at which it is in `words`. */
  readonly #pages = new PageTable();
  #wanted: number[] = [];
  /** Bytes of `words` that are used. */
  #used = 0;
  /** Bytes of `second` that are of its moment. */
  #readAgain = 0;
  /** Of the pages that were copied last. */
  #plans: ReadPlan[] = [];
  /** The plans have all pages, in the order in which they are in `words`. */
  #isWhole = false;

  /** Whether the next reading of all leaves each page where it is: they were copied together, and none is to come. */
  get isSettled(): boolean {
    return this.#isWhole && this.#wanted.length === 0;
  }

  /** Forgets all that was wanted, but keeps the room for copies while most of it was used. */
  clear(): void {
    const room = this.words.byteLength;
    if (room > smallRoom && this.#used * 4 < room) {
      this.words = new Uint32Array(0);
      this.second = new Uint32Array(0);
    }
    this.#pages.clear();
    this.#wanted = [];
    this.#used = 0;
    this.#readAgain = 0;
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
    allOf(this.#copy(memory, this.#wanted));
    this.#wanted = [];
  }

  /** Reads all that was ever wanted, anew. */
  readAll(memory: TargetMemory): void {
    allOf(this.readingAll(memory));
  }

  /** The same in steps. Pages that are new come after the others, which stay where they are. */
  *readingAll(memory: TargetMemory): Steps<void> {
    this.#readAgain = 0;
    if (this.#isWhole) {
      this.#extend();
      if ((yield* this.#fill(memory, this.words)) === this.#used) return;
    }
    this.#used = 0;
    this.#wanted = [];
    this.#isWhole = yield* this.#copy(memory, this.#pages.pages);
  }

  /** Reads once more, into `second`, what was read by `readingAll`. */
  *readingAgain(memory: TargetMemory): Steps<void> {
    if (!this.isSettled) return;
    if (this.second.length < this.words.length) this.second = new Uint32Array(this.words.length);
    this.#readAgain = yield* this.#fill(memory, this.second);
  }

  /** Whether so many words from that one on are in `second`, too. */
  isReadAgain(word: number, count: number): boolean {
    return (word + count) * 4 <= this.#readAgain;
  }

  /** Returns how many bytes from the beginning on it has. */
  *#fill(memory: TargetMemory, into: Uint32Array<ArrayBuffer>): Steps<number> {
    let filled = 0;
    for (const plan of this.#plans) {
      const bytes = new Uint8Array(into.buffer, filled, plan.bytes);
      if (memory.readMany(plan, bytes) !== plan.bytes) break;
      filled += plan.bytes;
      yield;
    }
    return filled;
  }

  #extend(): void {
    if (this.#wanted.length === 0) return;
    const pages = Float64Array.from(this.#wanted).sort();
    this.#wanted = [];
    this.#plan(pages);
    for (let at = 0; at < pages.length; at++) this.#pages.set(pages[at]!, this.#used + at * pageSize);
    this.#grow(this.#used + pages.length * pageSize);
  }

  /**
   * Byte of `words` at which a copy of the bytes from `address` on is; -1 when it cannot be read, or was not asked for.
   */
  at(address: number, length: number): number {
    if (!isPointer(address) || address % 8 !== 0) return unreadable;
    const page = Math.floor(address / pageSize);
    const place = this.#pages.get(page, unreadable);
    if (place < 0) return unreadable;
    const offset = address - page * pageSize;
    if (offset + length <= pageSize) return place + offset;
    return this.#across(page, place, offset, length);
  }

  /**
   * The same of an object that is no longer than `most` bytes, where nothing can be read behind its page: it ends
   * there.
   */
  atEndOfMemory(address: number, most: number): number {
    const page = Math.floor(address / pageSize);
    const offset = address - page * pageSize;
    const isEnd = offset + most > pageSize && this.#pages.get(page + 1, unreadable) === unreadable;
    return isEnd ? this.at(address, pageSize - offset) : unreadable;
  }

  /** What goes on in the next page, which may lie elsewhere in the copy: put together at its end. */
  #across(page: number, place: number, offset: number, length: number): number {
    const next = this.#pages.get(page + 1, unreadable);
    if (next < 0 || offset + length > 2 * pageSize) return unreadable;
    if (next === place + pageSize) return place + offset;
    // What is put together would not be copied anew with the others.
    if (this.#isWhole) return unreadable;
    const at = this.#used;
    this.#grow(at + ((length + 7) & ~7));
    const bytes = new Uint8Array(this.words.buffer);
    bytes.copyWithin(at, place + offset, place + pageSize);
    bytes.copyWithin(at + pageSize - offset, next, next + offset + length - pageSize);
    return at;
  }

  /** Whether all of them could be read. */
  *#copy(memory: TargetMemory, pages: readonly number[]): Steps<boolean> {
    if (pages.length === 0) return false;
    this.arrangement = nextArrangement++;
    this.#isWhole = false;
    const numbers = Float64Array.from(pages).sort();
    this.#plans = [];
    this.#plan(numbers);
    const copying = { numbers, at: 0, failures: 0, missing: 0 };
    const start = this.#used;
    this.#grow(start + numbers.length * pageSize);
    for (const plan of this.#plans) {
      this.#copyPlan(memory, plan, copying, start);
      yield;
    }
    return copying.missing === 0;
  }

  #copyPlan(memory: TargetMemory, plan: ReadPlan, copying: Copying, start: number): void {
    const into = new Uint8Array(this.words.buffer, start + copying.at * pageSize, plan.bytes);
    const filled = Math.max(0, memory.readMany(plan, into));
    for (let at = 0; at < plan.bytes; at += pageSize, copying.at++) {
      const number = copying.numbers[copying.at]!;
      let isThere = at + pageSize <= filled;
      if (!isThere && copying.failures < mostFailures) {
        const page = memory.read(number * pageSize, pageSize);
        if (page) into.set(page, at);
        else copying.failures++;
        isThere = page !== undefined;
      }
      if (!isThere) copying.missing++;
      this.#pages.set(number, isThere ? start + copying.at * pageSize : unreadable);
    }
  }

  /** Plans to copy these pages, in this order, after the others, and with those while there is room. */
  #plan(pages: Float64Array): void {
    for (let begin = 0, end = 0; begin < pages.length; begin = end) {
      const last = this.#plans.at(-1);
      const room = last === undefined ? 0 : pagesPerPlan - last.bytes / pageSize;
      const plan = last !== undefined && room > 0 ? last : new ReadPlan();
      end = Math.min(pages.length, begin + (plan === last ? room : pagesPerPlan));
      for (let first = begin, last = begin; first < end; first = ++last) {
        while (last + 1 < end && pages[last + 1] === pages[last]! + 1) last++;
        plan.add(pages[first]! * pageSize, (last - first + 1) * pageSize);
      }
      if (plan !== last) this.#plans.push(plan);
    }
  }

  #grow(bytes: number): void {
    this.#used = bytes;
    if (bytes <= this.words.byteLength) return;
    const larger = new Uint32Array(Math.max(bytes, (this.words.byteLength * 3) >> 1) >> 2);
    larger.set(this.words);
    this.words = larger;
  }
}

/** How far pages are copied, in the order of their numbers. */
interface Copying {
  readonly numbers: Float64Array;
  at: number;
  failures: number;
  missing: number;
}
