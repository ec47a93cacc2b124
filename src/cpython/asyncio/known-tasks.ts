import { PageCopies } from '../../memory/page-copies.js';
import { pageSize } from '../../memory/paged-memory.js';
import { againByFewer, allOf, eachInSteps, type Steps } from '../../memory/steps.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import { UsualPages } from '../../memory/usual-pages.js';
import { KnownReadings } from './known-readings.js';
import { type Reading, ShapeReader } from './shape-reader.js';
import { TaskShapes } from './task-shape.js';
import { type ReadTask, TaskTrace } from './task-trace.js';
import type { TaskWalk } from './task-walk.js';

/** Words that are not worth to be let go: 256 KiB. */
const fewWords = 1 << 16;
/**
 * Readings after which pages on which nothing lies any more are forgotten. To find the places of 1,000 tasks in pages
 * that are arranged anew takes 5 ms. New tasks mostly lie where others did, on pages that are copied anyway.
 */
const arrangeEvery = 32;
/**
 * How many of the tasks that changed before they were read a second time are read at once then. All of a look take some
 * milliseconds, and on a busy machine a hundred: of 40 tasks that run every 20 ms none was read. One is read in 0.1 ms.
 */
const fewerTogether = [32, 2];
/** Tasks that are compared, or only looked up, in one step. */
const [comparedTogether, lookedUpTogether] = [64, 1024];
/** Of tasks that are walked together, of which shapes are noted: a program has few, and what is new is walked again. */
const mostNoted = 64;
/** Tasks that are walked at once so that pages are mostly read for one of them. */
const few = 8;
/** Part of the tasks that changed at the last reading from which on all pages are copied twice. */
const manyChanged = 1 / 8;

/** A task that is to be read, and how it was found before. */
interface Left {
  readonly address: number;
  readonly last: TaskTrace | undefined;
}

/** What was not the same in two copies, or was not copied twice; `last`: how it was found before. */
interface NotProven {
  readonly unproven: Reading[];
  readonly left: Left[];
  readonly last: TaskTrace | undefined;
}

/**
 * What tasks were when they were read last, with the bytes that this was found in: as long as these stay the same, so
 * does the task, and one scatter read answers for all.
 *
 * Of those that changed most wait where another one waited before (`ShapeReader`). For these all pages are copied once
 * more at once: what both copies have was so in between. To follow all first and to read it once more then took so long
 * that of 1,000 tasks with 20 steps a second a quarter had changed again.
 */
export class KnownTasks {
  readonly #memory: TargetMemory;
  readonly #shapes = new TaskShapes();
  #shapeReader: ShapeReader | undefined;
  readonly #known = new KnownReadings();
  /** Words that are kept before it is looked whether some can be let go. */
  #mostWords = fewWords;
  /** Readings for which the pages stay as they are. */
  #arrangedFor = arrangeEvery;
  /** Of the pages on which what is known lies. */
  readonly copies = new PageCopies();
  /** Pages on which tasks lie that were walked one by one. */
  readonly #usual = new UsualPages();
  /** Of what is walked and compared within one step. */
  readonly #walked = new PageCopies();
  readonly #again = new PageCopies();
  /** Many tasks changed at the last reading. */
  #isBusy = false;
  /** How many were known after the last reading. */
  #count = 0;

  constructor(memory: TargetMemory) {
    this.#memory = memory;
  }

  get addresses(): Iterable<number> {
    return this.#known.addresses;
  }

  at(address: number): Reading | undefined {
    return this.#known.get(address);
  }

  /** Those that are not done. */
  get tasks(): readonly ReadTask[] {
    return this.#known.tasks;
  }

  /** Types are read anew by this walk: shapes that it would not find go. */
  walkWith({ shapeParts }: TaskWalk): void {
    if (this.#shapeReader) this.#shapeReader.renew(shapeParts);
    else this.#shapeReader = new ShapeReader(shapeParts, this.#shapes);
  }

  /** Those that are not in `tasks` are no more. */
  *keepOnly(tasks: ReadonlySet<number>): Steps<void> {
    yield* eachInSteps(this.#known.addresses, lookedUpTogether, (address) => {
      if (!tasks.has(address)) this.#known.delete(address);
    });
  }

  /** Copies what is known, and where many tasks run, copies it twice, as it is `between`. */
  *copying<T>(between: Steps<T>): Steps<T> {
    yield* this.copies.readingAll(this.#memory);
    const result = yield* between;
    if (this.#isBusy) yield* this.copies.readingAgain(this.#memory);
    return result;
  }

  /**
   * Of what is known that stays which has the same bytes still. What else is in `tasks` is read; returns how many could
   * not be. `together`: how many are walked at once.
   */
  *compare(walk: TaskWalk, tasks: ReadonlySet<number>, together: number): Steps<number> {
    const isShorter = this.#known.size < this.#count;
    const before = this.#known.size;
    const { slots } = this.#known;
    this.#known.nextLook();
    const added: number[] = [];
    yield* eachInSteps(tasks, lookedUpTogether, (address) => {
      if (!this.#known.has(address)) added.push(address);
    });
    const walked: Left[] = [];
    // These come first: of what is known there are copies, and of these not all.
    let unread = yield* this.#read(walk, added, together, walked);
    let changed = 0;
    const left: Left[] = [];
    // Not one by one in here: V8 compiles what is no generator better.
    const unproven: Reading[] = [];
    const isSame = ({ trace }: Reading) => isStill(trace, walk, this.copies);
    for (let from = 0; from < slots; from += comparedTogether) {
      // What changed is read as long as the processor has what it was compared with.
      const some = [from, Math.min(from + comparedTogether, slots)] as const;
      const found = this.#known.changed(some, this.copies, isSame);
      this.#readChanged(found, unproven, left);
      changed += found.length;
      // Where few changed these are read again together: each time takes as long as to compare 64 that did not.
      if (unproven.length >= comparedTogether) this.#proveOr(unproven.splice(0), left);
      yield;
    }
    this.#proveOr(unproven, left);
    for (const one of left) walked.push(one);
    unread += yield* this.#readLeft(walk, left, together);
    const count = added.length + changed;
    // At the first reading all are new. A second copy for 10,000 tasks takes a tenth as long as that.
    this.#isBusy = before > 0 && count > this.#known.size * manyChanged;
    if (count > 0 || isShorter) yield* this.#arrange(walked);
    this.#count = this.#known.size;
    return unread;
  }

  /** Returns how many could not be read. `walked`: to which those are added that were read by themselves. */
  *#read(walk: TaskWalk, tasks: readonly number[], together: number, walked: Left[]): Steps<number> {
    const left: Left[] = [];
    for (let from = 0; from < tasks.length; from += comparedTogether) {
      this.#readNew(tasks.slice(from, from + comparedTogether), left);
      yield;
    }
    for (const one of left) walked.push(one);
    return yield* this.#readLeft(walk, left, together);
  }

  /** Of tasks in these slots. `unproven`: those that were not copied twice; `left`: to be read by themselves. */
  #readChanged(slots: readonly number[], unproven: Reading[], left: Left[]): void {
    for (const slot of slots) {
      const last = this.#known.in(slot)!;
      const again = this.#shapeReader!.readAgain(last.trace, this.copies);
      if (again) {
        last.task = again;
        this.#known.noted(slot);
        continue;
      }
      const found = this.#shapeReader!.read(last.trace.address, last.trace, this.copies, this.#known.kept);
      if (found?.trace.isInSecond(this.copies)) {
        last.trace = found.trace;
        last.task = found.task;
        this.#known.noted(slot);
      } else this.#notProven(last.trace.address, found, { unproven, left, last: last.trace });
    }
  }

  /** Of tasks that are new. */
  #readNew(tasks: readonly number[], left: Left[]): void {
    const unproven: Reading[] = [];
    for (const address of tasks) {
      const found = this.#shapeReader!.read(address, undefined, this.copies, this.#known.kept);
      if (found?.trace.isInSecond(this.copies)) this.#known.set(found);
      else this.#notProven(address, found, { unproven, left, last: undefined });
    }
    this.#proveOr(unproven, left);
  }

  #notProven(address: number, found: Reading | undefined, { unproven, left, last }: NotProven): void {
    // It may be half of what is there now.
    this.#known.delete(address);
    if (found && found.trace.isInSecond(this.copies) === undefined) unproven.push(found);
    else left.push({ address, last: found?.trace ?? last });
  }

  #proveOr(unproven: readonly Reading[], left: Left[]): void {
    if (unproven.length === 0) return;
    for (const { trace } of this.#prove(unproven)) left.push({ address: trace.address, last: trace });
  }

  /** Reads them a second time, and `others`. Keeps what is as it was, and returns what is not. */
  #prove(found: readonly Reading[], others: readonly TaskTrace[] = []): Reading[] {
    const again = this.#again;
    again.clear();
    for (const { trace } of found) trace.wantIn(again);
    for (const trace of others) trace.wantIn(again);
    again.readAll(this.#memory);
    return found.filter((one) => {
      const isProven = one.trace.isIn(again);
      if (isProven) this.#known.set(one);
      return !isProven;
    });
  }

  /** Returns how many could not be read. */
  *#readLeft(walk: TaskWalk, tasks: readonly Left[], together: number): Steps<number> {
    const read = (some: readonly Left[]) => this.#readTogether(walk, some);
    const left = yield* againByFewer(tasks, [together, ...fewerTogether], read);
    return left.length;
  }

  /** Copies where these tasks lay; where others did, too, if they are new and few, which is returned. */
  #copyFirst(tasks: readonly Left[]): boolean {
    const copies = this.#walked;
    copies.clear();
    for (const { last } of tasks) if (last?.shape) last.wantIn(copies);
    const isFew = tasks.length <= few && tasks.some(({ last }) => !last?.shape);
    // From one object to the next, each page would be a read of its own.
    if (isFew) for (const page of this.#usual.next()) copies.want(page * pageSize, pageSize);
    copies.read(this.#memory);
    return isFew;
  }

  /** Returns those that changed meanwhile, or are nothing that is known. */
  #readTogether(walk: TaskWalk, tasks: readonly Left[]): Left[] {
    const copies = this.#walked;
    const isFew = this.#copyFirst(tasks);
    const found: Reading[] = [];
    const traces: TaskTrace[] = [];
    for (const { address, last } of tasks) {
      this.#known.delete(address);
      const reading = last?.shape && this.#shapeReader!.read(address, last, copies, this.#known.kept);
      if (reading) found.push(reading);
      else traces.push(new TaskTrace(address, this.#known.kept));
    }
    for (const trace of traces.slice(0, mostNoted)) trace.isNoted = true;
    walk.walk(traces, copies);
    if (isFew) for (const trace of traces) trace.eachPage((page) => this.#usual.needed(page));
    const walked = traces.filter(({ hasFailed }) => !hasFailed);
    const failed = this.#prove(found, walked).map(({ trace }) => ({ address: trace.address, last: trace }));
    for (const trace of traces) {
      if (!trace.hasFailed && isStill(trace, walk, this.#again)) {
        trace.shape = this.#shapes.of(trace);
        trace.draft = undefined;
        this.#known.set({ trace, task: trace.result() });
      } else failed.push({ address: trace.address, last: trace });
    }
    return failed;
  }

  /** Reads one task now; `undefined`: it changed each time, or is nothing that is known. */
  readNow(walk: TaskWalk, address: number): Reading | undefined {
    allOf(this.#readLeft(walk, [{ address, last: this.#known.get(address)?.trace }], 1));
    return this.#known.get(address);
  }

  /** Those of tasks that were read which have the same bytes still. */
  unchanged(walk: TaskWalk, tasks: Iterable<ReadTask>): Set<ReadTask> {
    const copies = this.#again;
    copies.clear();
    const read = [...tasks].flatMap(({ address }) => this.#known.get(address) ?? []);
    for (const { trace } of read) trace.wantIn(copies);
    copies.readAll(this.#memory);
    return new Set(read.filter(({ trace }) => isStill(trace, walk, copies)).map(({ task }) => task));
  }

  /** What is known now is copied at the next reading. `walked`: tasks of which not all pages were. */
  *#arrange(walked: readonly Left[]): Steps<void> {
    const { copies } = this;
    if (copies.isSettled && --this.#arrangedFor > 0) {
      for (const { address } of walked) this.#known.get(address)?.trace.wantIn(copies);
    } else {
      copies.clear();
      yield* eachInSteps(this.#known.all, comparedTogether, ({ trace }) => trace.wantIn(copies));
      this.#arrangedFor = arrangeEvery;
    }
    if (this.#known.kept.used > this.#mostWords) yield* this.#dropWords();
  }

  /** Words of tasks that are not known any more are let go when they are more than the others. */
  *#dropWords(): Steps<void> {
    let count = 0;
    for (const { trace } of this.#known.all) count += trace.keptCount;
    this.#mostWords = 2 * count + fewWords;
    if (this.#known.kept.used <= this.#mostWords) return;
    yield* this.#known.dropWords(comparedTogether);
  }
}

function isStill(trace: TaskTrace, walk: TaskWalk, copies: PageCopies): boolean {
  const { attributes, address, setOfAwaiting, awaitedBy, stateOfWaiter, waiter } = trace;
  if (!trace.isIn(copies)) return false;
  if (attributes && !isEqual(attributes, walk.python.attributesOf(address))) return false;
  if (setOfAwaiting !== 0 && !isEqual(awaitedBy, walk.python.membersOf(setOfAwaiting))) return false;
  return stateOfWaiter === undefined || stateOfWaiter === walk.python.stateOf(waiter!.address);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
