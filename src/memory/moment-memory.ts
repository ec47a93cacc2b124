import { givePage, takePage } from './page-pool.js';
import { pagedMemory, pageSize } from './paged-memory.js';
import type { ReadPlan } from './read-plan.js';
import type { TargetMemory } from './target-memory.js';
import { UsualPages } from './usual-pages.js';

/** Longer reads are of what shares no page with anything else that is wanted. */
const longestShared = pageSize / 2;
/** Pages that one look needs: 20 as a rule. */
const mostPages = 1024;
/** Pages that a moment reads by themselves: one that needs no more is not worth copying all that others needed. */
const readSingly = 2;

/**
 * The same memory, each page of it copied once for each moment: to learn what stands on a stack takes a hundred small
 * reads, nearly all of a few pages, and a page costs hardly more than a word. Pages that moments before needed come
 * together. `moment.now` is when the frames were copied that are looked at. What they refer to was there then, so a
 * page copied after that is as good as what would be read of it a little later.
 */
export class MomentMemory implements TargetMemory {
  readonly #behind: TargetMemory;
  readonly #moment: { readonly now: number };
  readonly #pages = new Map<number, Uint8Array | undefined>();
  readonly #usualOfAll = new UsualPages();
  #usual = this.#usualOfAll;
  readonly #usualOf = new WeakMap<object, UsualPages>();
  readonly #paged: TargetMemory;
  #of = Number.NaN;
  /** What is usual was copied for this moment, and before anything was asked for. */
  #isFetched = false;
  #isAhead = false;
  /** How often it was read behind what is copied. */
  reads = 0;

  constructor(behind: TargetMemory, moment: { readonly now: number }) {
    this.#behind = behind;
    this.#moment = moment;
    this.#paged = pagedMemory((number) => this.#page(number));
  }

  read(address: number, length: number): Uint8Array | undefined {
    const isPage = length === pageSize && address % pageSize === 0;
    if (length > longestShared && !isPage) {
      this.reads++;
      return this.#behind.read(address, length);
    }
    if (this.#moment.now !== this.#of) this.forget();
    this.#of = this.#moment.now;
    const bytes = this.#paged.read(address, length);
    // The next moment overwrites pages; what is of more than one is a copy already.
    return (address % pageSize) + length <= pageSize ? bytes?.slice() : bytes;
  }

  /** Of what was copied ahead, if that has all of it. */
  readMany(plan: ReadPlan, into: Uint8Array): number {
    if (this.#isAhead && this.#hasAll(plan)) return this.#paged.readMany(plan, into);
    this.reads++;
    return this.#behind.readMany(plan, into);
  }

  /** Whether what is usual was copied for this moment. */
  get isFetched(): boolean {
    return this.#isFetched;
  }

  /**
   * Copies at once the pages that moments before needed which were about the same; and right after them those of
   * another memory, so that what that has is not older than anything here, while nothing more is read here (`reads`).
   */
  fetch(about: object, then?: MomentMemory): void {
    this.#isAhead = true;
    if (this.#isFetched) return;
    this.#usual = this.#usualAbout(about);
    this.#fetch(then);
  }

  #fetch(then?: MomentMemory): void {
    this.#isFetched = true;
    this.reads++;
    const isKnown = (page: number) => this.#pages.has(page);
    if (!then) {
      this.#usual.fetch(this.#behind, isKnown);
      return;
    }
    then.forget();
    then.#isFetched = true;
    this.#usual.fetch(this.#behind, isKnown, then.#usual);
  }

  /** What is not there is copied ahead the next time. */
  #hasAll(plan: ReadPlan): boolean {
    let hasAll = true;
    for (let region = 0; region < plan.count; region++) {
      const address = plan.addressOf(region);
      const last = Math.floor((address + plan.lengthOf(region) - 1) / pageSize);
      for (let page = Math.floor(address / pageSize); page <= last; page++) {
        if (this.#pages.get(page) || this.#usual.fetched(page)) continue;
        this.#usual.needed(page);
        hasAll = false;
      }
    }
    return hasAll;
  }

  /** Whether what was read there for this moment is there now as well. */
  isStill(address: number, length: number): boolean {
    const copied = this.read(address, length);
    const now = this.#behind.read(address, length);
    if (!copied || !now) return copied === now;
    return now.every((byte, at) => byte === copied[at]);
  }

  /** What was copied is of another moment than what is read next. */
  forget(): void {
    this.#forgetPages();
    this.#usual.nextMoment();
    this.#usual = this.#usualOfAll;
    this.#isFetched = false;
    this.#isAhead = false;
  }

  #forgetPages(): void {
    for (const page of this.#pages.values()) if (page && !this.#usual.owns(page)) givePage(page);
    this.#pages.clear();
  }

  #page(number: number): Uint8Array | undefined {
    const known = this.#pages.get(number);
    if (known || this.#pages.has(number)) return known;
    if (this.#pages.size >= mostPages) this.#forgetPages();
    if (this.#pages.size === readSingly && !this.#isFetched) this.#fetch();
    const bytes = this.#usual.fetched(number) ?? this.#readPage(number);
    if (bytes) this.#usual.needed(number);
    this.#pages.set(number, bytes);
    return bytes;
  }

  #usualAbout(about: object): UsualPages {
    const known = this.#usualOf.get(about) ?? new UsualPages();
    this.#usualOf.set(about, known);
    return known;
  }

  #readPage(number: number): Uint8Array | undefined {
    this.reads++;
    return takePage(this.#behind, number);
  }
}
