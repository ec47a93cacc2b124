import { isPointer } from '../memory/pointers.js';
import type { Steps } from '../memory/steps.js';
import { type CollectorSource, collectorStates, headSize, headsIn, PointerPages } from './collector-lists.js';

/** Objects at the end of a ring by which it is known at the next walk how far that has to go. */
const marksOfRing = 64;
/** So many of them in a row: the address of one may be that of another object by now. */
const enoughMarks = 4;
/** Objects that are passed in one step: some 0.3 ms. */
const perStep = 512;

export interface NewestWalk {
  /** Objects passed. */
  readonly passed: number;
  /** Nothing that came since the last walk was left out, as far as can be seen. */
  readonly isComplete: boolean;
}

/**
 * The objects that the collector tracks, the newest first: those that are made come to the end of the ring of young
 * ones, and what survives a collection to the end of the next ring. So to find what came since the last walk, few have
 * to be passed: of a program with a million objects a thousand.
 */
export class NewestObjects {
  readonly #source: CollectorSource;
  /** Marks of each ring, by its head. */
  #marks = new Map<number, ReadonlySet<number>>();
  /** As old as the step that goes on. */
  readonly #words: PointerPages;

  constructor(source: CollectorSource) {
    this.#source = source;
    this.#words = new PointerPages(source.memory);
  }

  /** `from`: all objects, or those that came since the last walk. At most `most` of a ring are passed. */
  *walk(
    from: 'all' | 'last',
    most: number,
    visit: (object: number, type: number) => void,
  ): Steps<NewestWalk> {
    const { memory } = this.#source;
    const marks = new Map<number, ReadonlySet<number>>();
    let passed = 0;
    let isComplete = true;
    for (const state of collectorStates(this.#source))
      for (const head of headsIn(memory, state)) {
        const last = this.#marks.get(head);
        const walk = new RingWalk(head, from === 'all' ? none : last);
        do {
          this.#words.forget();
          this.#pass(walk, Math.min(perStep, most - walk.passed), visit);
          yield;
        } while (!walk.isOver && walk.passed < most);
        passed += walk.passed;
        // The youngest are few, and gone with each collection.
        isComplete &&= walk.isWhole;
        marks.set(head, walk.newest.size > 0 ? walk.newest : (last ?? none));
      }
    this.#marks = marks;
    return { passed, isComplete };
  }

  #pass(walk: RingWalk, most: number, visit: (object: number, type: number) => void): void {
    const { head } = walk;
    const type = this.#source.layout.object.type + headSize;
    for (let count = 0; count < most; count++) {
      const after = walk.at;
      const current = this.#words.at(after + 8);
      if (current === head) {
        walk.isOver = walk.isWhole = true;
        return;
      }
      // While a collection runs there are no pointers to what comes before, and what was passed may have gone.
      if (!isPointer(current) || this.#words.at(current) !== after) {
        walk.isOver = true;
        return;
      }
      walk.pass(current);
      if (walk.isOver) return;
      visit(current + headSize, this.#words.at(current + type));
    }
  }
}

/** From the end of a ring to its beginning. */
class RingWalk {
  readonly head: number;
  readonly newest = new Set<number>();
  readonly #marks: ReadonlySet<number>;
  #marksInRow = 0;
  /** Where it is: what comes before it is next. */
  at: number;
  passed = 0;
  isOver = false;
  /** It came to the beginning, or to what the last walk had passed. */
  isWhole = false;

  constructor(head: number, marks: ReadonlySet<number> = none) {
    this.head = head;
    this.at = head;
    this.#marks = marks;
  }

  pass(object: number): void {
    this.at = object;
    this.passed++;
    if (this.newest.size < marksOfRing) this.newest.add(object);
    this.#marksInRow = this.#marks.has(object) ? this.#marksInRow + 1 : 0;
    if (this.#marksInRow === enoughMarks) this.isOver = this.isWhole = true;
  }
}

const none: ReadonlySet<number> = new Set();
