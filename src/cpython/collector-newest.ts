import { isPointer } from '../memory/pointers.js';
import type { Steps } from '../memory/steps.js';
import { type CollectorSource, collectorStates, headSize, headsIn, PointerPages } from './collector-lists.js';

/** Objects at the end of a ring by which it is known at the next walk how far that has to go. */
const marksOfRing = 256;
/**
 * So many of them in a row, in the same order: at the address of one may be another object by now. With four, one of
 * forty walks that met a program as it made greenlets ended at what was made later, where others had been.
 */
const enoughMarks = 16;
/**
 * Objects of the youngest ring that are passed whatever they are, more than there are as a rule: a program that does
 * the same again makes its objects in the same places.
 */
const mostYoung = 2000;
/** Objects that are passed in one step: some 0.3 ms. */
const perStep = 512;
/** How often a ring is passed that changes meanwhile, in one walk: mostly it does at its end, where a walk begins. */
const mostTries = 4;

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
  #marks = new Map<number, Marks>();
  /** The first head that was seen, of each state: that of the youngest ring, which may be empty. */
  readonly #youngest = new Map<number, number>();
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
    const marks = new Map<number, Marks>();
    let passed = 0;
    let isComplete = true;
    for (const state of collectorStates(this.#source))
      for (const head of headsIn(memory, state)) {
        const last = this.#marks.get(head) ?? none;
        const youngest = Math.min(head, this.#youngest.get(state) ?? head);
        this.#youngest.set(state, youngest);
        const atLeast = head === youngest ? mostYoung : 0;
        let walk: RingWalk;
        let tries = 0;
        do {
          walk = yield* this.#passRing(
            new RingWalk(head, from === 'all' ? none : last, atLeast),
            most,
            visit,
          );
          passed += walk.passed;
        } while (walk.isCut && ++tries < mostTries);
        isComplete &&= walk.isWhole;
        // What a walk was kept from, the next one comes to; what is too much for it, only one of all.
        marks.set(head, walk.isCut || walk.newest.size === 0 ? last : walk.newest);
      }
    this.#marks = marks;
    return { passed, isComplete };
  }

  *#passRing(walk: RingWalk, most: number, visit: (object: number, type: number) => void): Steps<RingWalk> {
    do {
      this.#words.forget();
      this.#pass(walk, Math.min(perStep, most - walk.passed), visit);
      yield;
    } while (!walk.isOver && walk.passed < most);
    return walk;
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

/** Objects at the end of a ring, and how far from it they are. */
type Marks = ReadonlyMap<number, number>;

/** From the end of a ring to its beginning. */
class RingWalk {
  readonly head: number;
  readonly newest = new Map<number, number>();
  readonly #marks: Marks;
  readonly #atLeast: number;
  #marksInRow = 0;
  #lastMark = 0;
  /** Where it is: what comes before it is next. */
  at: number;
  passed = 0;
  isOver = false;
  /** It came to the beginning, or to what the last walk had passed. */
  isWhole = false;

  /** `atLeast`: so many are passed though they are marks. */
  constructor(head: number, marks: Marks, atLeast: number) {
    this.head = head;
    this.at = head;
    this.#marks = marks;
    this.#atLeast = atLeast;
  }

  /** It came to where the ring does not go on: it changed meanwhile. */
  get isCut(): boolean {
    return this.isOver && !this.isWhole;
  }

  pass(object: number): void {
    this.at = object;
    this.passed++;
    if (this.newest.size < marksOfRing) this.newest.set(object, this.passed);
    const mark = this.#marks.get(object) ?? 0;
    this.#marksInRow = mark > this.#lastMark ? this.#marksInRow + 1 : Math.min(mark, 1);
    this.#lastMark = mark;
    if (this.#marksInRow >= enoughMarks && this.passed >= this.#atLeast) this.isOver = this.isWhole = true;
  }
}

const none: Marks = new Map();
