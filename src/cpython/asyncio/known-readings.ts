import { KeptWords } from '../../memory/kept-words.js';
import type { PageCopies } from '../../memory/page-copies.js';
import { eachInSteps, type Steps } from '../../memory/steps.js';
import type { Reading } from './shape-reader.js';
import type { ReadTask, TaskTrace } from './task-trace.js';

/** Of what more than its own words says whether it is as it was. */
const notInWords = -1;

/**
 * The tasks that are known, each in a slot of its own as long as it is: most are as they were, and all that is touched
 * of these is the words that say so, which stand one after the other.
 */
export class KnownReadings {
  /** By the address of the task. */
  readonly #slots = new Map<number, number>();
  readonly #readings: (Reading | undefined)[] = [];
  /** By slot: what was read of a task that is not done. */
  readonly #tasks: (ReadTask | undefined)[] = [];
  readonly #free: number[] = [];
  /** The words that say that a task is as it was. */
  kept = new KeptWords();
  /** By slot: where in there those of a task are. */
  #things = new Int32Array(64);
  /** By slot: number of the look at which it was read last. */
  #readAt = new Uint32Array(64);
  /** Counts looks. */
  #look = 0;

  get size(): number {
    return this.#slots.size;
  }

  /** Slots that there are, with those that are free. */
  get slots(): number {
    return this.#readings.length;
  }

  get addresses(): Iterable<number> {
    return this.#slots.keys();
  }

  has(address: number): boolean {
    return this.#slots.has(address);
  }

  get(address: number): Reading | undefined {
    const slot = this.#slots.get(address);
    return slot === undefined ? undefined : this.#readings[slot];
  }

  /** `undefined`: there is none. */
  in(slot: number): Reading | undefined {
    return this.#readings[slot];
  }

  get all(): readonly Reading[] {
    return this.#readings.filter((reading) => reading !== undefined);
  }

  /** Those that are not done. */
  get tasks(): readonly ReadTask[] {
    return this.#tasks.filter((task) => task !== undefined);
  }

  /** What is read from now on is of the next look. */
  nextLook(): void {
    this.#look++;
  }

  /** It was read at this look. */
  set(reading: Reading): void {
    const { trace } = reading;
    let slot = this.#slots.get(trace.address);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#readings.length;
      this.#slots.set(trace.address, slot);
    }
    this.#readings[slot] = reading;
    this.noted(slot);
  }

  /** What is in a slot was read anew at this look. */
  noted(slot: number): void {
    const { trace, task } = this.#readings[slot]!;
    this.#tasks[slot] = trace.isDone ? undefined : task;
    if (slot >= this.#things.length) this.#grow();
    this.#things[slot] = trace.isTogetherIn(this.kept) ? this.#thingOf(trace) : notInWords;
    this.#readAt[slot] = this.#look;
  }

  delete(address: number): void {
    const slot = this.#slots.get(address);
    if (slot === undefined) return;
    this.#slots.delete(address);
    this.#readings[slot] = undefined;
    this.#tasks[slot] = undefined;
    this.#free.push(slot);
  }

  /** Lets the words go of what is not known any more. */
  *dropWords(together: number): Steps<void> {
    this.kept = new KeptWords();
    // What comes next may never come: a look can end before.
    this.#things.fill(notInWords);
    yield* eachInSteps(this.#readings.keys(), together, (slot) => {
      const trace = this.#readings[slot]?.trace;
      if (!trace) return;
      this.#things[slot] = this.#thingOf(trace);
    });
  }

  #thingOf(trace: TaskTrace): number {
    const { attributes, setOfAwaiting, stateOfWaiter } = trace;
    const isInWords = !attributes && setOfAwaiting === 0 && stateOfWaiter === undefined;
    const thing = trace.togetherIn(this.kept);
    return isInWords ? thing : notInWords;
  }

  /**
   * Slots from the first one on, up to another, of what was read at a look before and is not as it was. `isStill`: of
   * what is not seen in its words as they are kept.
   */
  changed(
    [from, to]: readonly [number, number],
    copies: PageCopies,
    isStill: (reading: Reading) => boolean,
  ): number[] {
    const changed: number[] = [];
    const { words, arrangement } = copies;
    const [things, readAt, readings, look] = [this.#things, this.#readAt, this.#readings, this.#look];
    for (let slot = from; slot < to; slot++) {
      if (readAt[slot] === look) continue;
      const thing = things[slot]!;
      const isThere = thing === notInWords ? undefined : this.kept.hasAllOf(thing, words, arrangement);
      if (isThere) continue;
      const reading = readings[slot];
      if (!reading) continue;
      // Its words may be in other places by now, or were walked among those of others.
      if (isThere === false || !isStill(reading)) changed.push(slot);
      else things[slot] = this.#thingOf(reading.trace);
    }
    return changed;
  }

  #grow(): void {
    const things = new Int32Array(this.#things.length * 2);
    things.set(this.#things);
    this.#things = things;
    const readAt = new Uint32Array(things.length);
    readAt.set(this.#readAt);
    this.#readAt = readAt;
  }
}
