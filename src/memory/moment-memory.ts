import { pagedMemory, pageSize } from './paged-memory.js';
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
  readonly #usual = new UsualPages();
  readonly #paged: TargetMemory;
  #of = Number.NaN;

  constructor(behind: TargetMemory, moment: { readonly now: number }) {
    this.#behind = behind;
    this.#moment = moment;
    this.#paged = pagedMemory((number) => this.#page(number));
  }

  read(address: number, length: number): Uint8Array | undefined {
    if (length > longestShared) return this.#behind.read(address, length);
    if (this.#moment.now !== this.#of) this.forget();
    this.#of = this.#moment.now;
    const bytes = this.#paged.read(address, length);
    // Of a copy that the next moment overwrites.
    return bytes && this.#usual.owns(bytes) ? bytes.slice() : bytes;
  }

  readMany(...args: Parameters<TargetMemory['readMany']>): number {
    return this.#behind.readMany(...args);
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
    this.#pages.clear();
    this.#usual.nextMoment();
  }

  #page(number: number): Uint8Array | undefined {
    const known = this.#pages.get(number);
    if (known || this.#pages.has(number)) return known;
    if (this.#pages.size >= mostPages) this.#pages.clear();
    if (this.#pages.size === readSingly) this.#usual.fetch(this.#behind, (page) => this.#pages.has(page));
    const bytes = this.#usual.fetched(number) ?? this.#behind.read(number * pageSize, pageSize);
    if (bytes) this.#usual.needed(number);
    this.#pages.set(number, bytes);
    return bytes;
  }
}
