import type { KeptWords } from '../../memory/kept-words.js';
import type { PageCopies } from '../../memory/page-copies.js';
import { pageSize } from '../../memory/paged-memory.js';
import type { ShapeDraft, TaskShape, WaiterClass } from './task-shape.js';

/** A frame that waits, or that of a coroutine that has not begun. */
export interface TaskFrame {
  /** The coroutine, generator or async generator. */
  readonly object: number;
  readonly frame: number;
  readonly code: number;
  /**
   * As the frame has it (`code-unit.ts`), of an address the low half; in a copy of the bytecode, the same of the code
   * object.
   */
  readonly instruction: number;
}

/**
 * `running`: it is within a step; `ready`: its next step is due, since nothing is waited for or what was is done;
 * `waiting` for a future;
 * `new`: its coroutine has not begun.
 */
export type TaskState = 'running' | 'ready' | 'waiting' | 'new';

export interface TaskWaiter extends WaiterClass {
  readonly address: number;
  readonly isDone: boolean;
}

/** A task that is not done, at one moment. Addresses of objects are what they are known by. */
export interface ReadTask {
  readonly address: number;
  /** Empty when it cannot be read. */
  readonly name: string;
  readonly loop: number;
  readonly state: TaskState;
  /** It was asked to cancel, and has not finished doing so. */
  readonly isCancelling: boolean;
  /** What it runs; 0 when that is no coroutine with frames of Python. */
  readonly coroutine: number;
  /**
   * Innermost first. Of a running task none: they are on its thread's stack, the outermost of them is `outermostFrame`.
   */
  readonly frames: readonly TaskFrame[];
  /** Frame of its own coroutine; 0: none. */
  readonly outermostFrame: number;
  /** There are more frames than were followed. */
  readonly truncated: boolean;
  /** What the innermost frame awaits and is no frame of Python: a future, or any other object; 0: nothing. */
  readonly awaited: number;
  /** Full name of its class; empty without one. */
  readonly awaitedType: string;
  readonly waiter: TaskWaiter | undefined;
  /** From 3.14: tasks and futures that await it. */
  readonly awaitedBy: readonly number[];
  /** Something is called when it is done; true as well when that cannot be told. */
  readonly hasCallbacks: boolean;
  /** Addresses of the first thing that is called then, and of the list of the others; empty: not known. */
  readonly callbacks: readonly number[];
  /** Tasks of the same one have the same frames, but for addresses; `undefined`: not known. */
  readonly shape?: TaskShape | undefined;
}

/** What the struct of a task says by itself. */
export type TaskFields = Pick<ReadTask, 'loop' | 'callbacks' | 'hasCallbacks' | 'isCancelling' | 'awaitedBy'>;

/** What is found out of one task, and the bytes that it was found in. */
export class TaskTrace {
  readonly address: number;
  name = '';
  loop = 0;
  state: TaskState = 'ready';
  isDone = false;
  isCancelling = false;
  coroutine = 0;
  /** Outermost first. */
  readonly frames: TaskFrame[] = [];
  outermostFrame = 0;
  truncated = false;
  awaited = 0;
  awaitedType = '';
  waiter: TaskWaiter | undefined;
  awaitedBy: readonly number[] = [];
  hasCallbacks = true;
  callbacks: readonly number[] = [];
  /** It was not what it should be: it changed, or is nothing that is known. */
  hasFailed = false;
  /** Written in Python, so that its fields are not in the regions: their addresses, to be compared. */
  attributes: readonly number[] | undefined;
  /** The set of those who await it, whose members are compared; 0: there is none. */
  setOfAwaiting = 0;
  /** Of a future that is written in Python, and that it waits for: what says its state. */
  stateOfWaiter: number | undefined;
  /** A walk is to note its shape: that takes as long as all else. */
  isNoted = false;
  /** What it noted so far; `undefined`: it has no shape. */
  draft: ShapeDraft | undefined;
  shape: TaskShape | undefined;
  /** What its struct said when it was found by a shape. */
  fields: TaskFields | undefined;
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

  constructor(address: number, kept: KeptWords) {
    this.address = address;
    this.#kept = kept;
  }

  /** What the struct of the task says. */
  take(of: TaskFields): void {
    this.loop = of.loop;
    this.callbacks = of.callbacks;
    this.hasCallbacks = of.hasCallbacks;
    this.isCancelling = of.isCancelling;
    this.awaitedBy = of.awaitedBy;
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

  result(): ReadTask {
    const { waiter, state, frames } = this;
    return {
      address: this.address,
      name: this.name,
      loop: this.loop,
      state: state === 'waiting' && (!waiter || waiter.isDone) ? 'ready' : state,
      isCancelling: this.isCancelling,
      coroutine: this.coroutine,
      frames: state === 'running' ? [] : frames.toReversed(),
      outermostFrame: this.outermostFrame,
      truncated: this.truncated,
      awaited: this.awaited,
      awaitedType: this.awaitedType,
      waiter,
      awaitedBy: this.awaitedBy,
      hasCallbacks: this.hasCallbacks,
      callbacks: this.callbacks,
      shape: this.shape,
    };
  }
}
