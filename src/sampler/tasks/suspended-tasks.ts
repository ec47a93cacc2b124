import type { TaskReader } from '../../cpython/asyncio/task-reader.js';
import type { Steps } from '../../memory/steps.js';
import type { LookRecords, LookRow } from '../look-records.js';
import { LookTurns, type LookTurnsParts } from '../look-turns.js';
import { TaskEntries, type TaskEntriesParts } from './task-entries.js';

/** Microseconds from one look at the tasks to the next, on the average. */
const lookEvery = 100_000;
/** Or so many times as long as the last looks took: 3 % of a processor. */
const restPerLook = 33;
/** Of so many looks. */
const averaged = 8;
const averagedAtFirst = 2;
/**
 * The first looks take ten times as long as later ones, and would stay slow if they were rare: V8 compiles what runs
 * often. So for so many looks it is 12 % of a processor, and a third for the very first: with 3 %, the second look
 * came after a second, and tasks that were shorter had no time at all.
 */
const firstLooks = 100;
const restPerFirstLook = 8;
const veryFirstLooks = 10;
const restPerVeryFirstLook = 2;
/** Microseconds: what takes longer at first will do so later. */
const shortLook = 100_000;
/**
 * Microseconds of a look for who waits for whom: of 10,000 tasks of one `gather` it takes half a second to find out, in
 * which no thread is sampled. The others are asked for at the next look, and stand alone until then.
 */
const timeForCallers = 20_000;
/** The same of the first look before the first tick, for which no other process waits. */
const firstTimeForCallers = 200_000;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;
/** Tasks of which nothing is known that are found out about within one step of the first looks, and of later ones. */
const newTogether = [256, 32];

/** What else than tasks of asyncio is looked at with them. */
export interface OtherTasks {
  /** Since the last look some may have come, though nothing in the process has changed. */
  readonly mayBeThere?: boolean;
  look(): Steps<OtherLook>;
}

export interface OtherLook {
  readonly rows: readonly LookRow[];
  /** When they were as they were seen, microseconds; `undefined`: there are none. */
  readonly at: number | undefined;
}

export interface SuspendedTasksParts extends TaskEntriesParts, LookTurnsParts {
  readonly reader: Pick<TaskReader, 'reading' | 'readOne' | 'renew' | 'unchanged'>;
  /** Of all processes. */
  readonly records: LookRecords;
  readonly others?: readonly OtherTasks[];
  /** When it is looked at them first, microseconds; 0: before the first tick. */
  readonly firstLook: number;
}

/**
 * The tasks that wait, on no thread's stack. They are looked at beside the ticks, ten times a second, at random: each
 * that is suspended counts for the time from the middle between the look before and this one to the middle between this
 * one and the next. So what began or ended between two looks did so in the middle: on the average of many that is right
 * however long these are. When it counted for the time since the look before, what began had half of that too much and
 * what ended half too little, and looks are the rarer the more begins.
 *
 * One that runs at a look is on its thread's stack, and counts there. One that waits for other tasks counts as these
 * do, which stand below it.
 */
export class SuspendedTasks {
  readonly #parts: SuspendedTasksParts;
  readonly #entries: TaskEntries;
  /** At the last look there were tasks of asyncio. */
  areThere = false;
  /** Or others. */
  #areOthersThere = false;
  #lookAt: number;
  #lookedAt: number;
  /** What changed since then may not have been seen. */
  #lookBegan = 0;
  /** What was seen at the last look, whose time is not over yet. */
  #samples: readonly LookRow[] = [];
  #recordedAt: number;
  /** At the look before there were tasks. */
  #isRecorded = false;
  #typesUntil = 0;
  /** Microseconds that a look takes. */
  #cost = 0;
  #looks = 0;
  readonly #turns: LookTurns;

  constructor(parts: SuspendedTasksParts) {
    this.#parts = parts;
    this.#entries = new TaskEntries(parts);
    this.#turns = new LookTurns(parts);
    this.#lookedAt = parts.clock();
    this.#recordedAt = this.#lookedAt;
    this.#lookAt = parts.firstLook;
    parts.records.knownUntil(parts.process, this.#recordedAt);
  }

  /** A look goes on at the next tick. */
  get isLooking(): boolean {
    return this.#turns.isUnderWay;
  }

  /**
   * To be called at each tick: looks at the tasks when that is due, or goes on with it. `stoodSince`: when nothing in
   * the process has changed since, or infinite.
   */
  look(now: number, stoodSince = Number.POSITIVE_INFINITY): void {
    // Before the first tick there is time.
    const isBefore = this.#looks === 0 && this.#parts.firstLook === 0;
    if (!this.isLooking) {
      if (now < this.#lookAt) return;
      if (this.#looks > 0 && !this.#mayBeThere && stoodSince <= this.#lookBegan) {
        this.#passWithout(now);
        return;
      }
      this.#turns.begin(this.#lookInSteps(now, isBefore), this.#looks < firstLooks);
    }
    this.#goOn(isBefore ? Number.POSITIVE_INFINITY : undefined);
  }

  get #mayBeThere(): boolean {
    if (this.areThere || this.#areOthersThere) return true;
    return this.#parts.others?.some(({ mayBeThere }) => mayBeThere) ?? false;
  }

  /** There were no tasks at the last look, and nothing can have come. */
  #passWithout(now: number): void {
    this.#record(now);
    this.#lookedAt = now;
    this.#lookBegan = now;
    this.#lookAt = now + lookEvery;
  }

  /** As `LookTurns.goOn`. */
  #goOn(most?: number): void {
    const cost = this.#turns.goOn(most);
    if (cost !== undefined) this.#looked(cost);
  }

  /** `last`: the recording ends then. */
  *#lookInSteps(now: number, atOnce: boolean, last = Number.POSITIVE_INFINITY): Steps<void> {
    const { clock, reader, losses } = this.#parts;
    if (now >= this.#typesUntil) {
      reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const began = clock();
    this.#lookBegan = began;
    let copied = began;
    const together = atOnce ? Number.POSITIVE_INFINITY : newTogether[this.#looks < firstLooks ? 0 : 1]!;
    const { tasks, unread } = yield* reader.reading({
      together,
      onCopied: () => {
        copied = clock();
      },
    });
    const others = yield* this.#lookAtOthers();
    // The tick began earlier: its first stacks are learnt, which took more than a second on a busy machine.
    const lookedAt = (tasks.length === 0 ? others.at : undefined) ?? (began + copied) / 2;
    if (this.#looks > 0) this.#record(Math.min(last, (this.#lookedAt + lookedAt) / 2));
    this.#lookedAt = lookedAt;
    losses.unreadTasks += unread;
    this.areThere = tasks.length > 0;
    yield;
    const isAtFirst = this.#looks === 0 && this.#parts.firstLook === 0;
    const turns = () => this.#turns.count;
    const rows = yield* this.#entries.of({
      ...{ tasks, began, now, together, timeForCallers: isAtFirst ? firstTimeForCallers : timeForCallers },
      get turn() {
        return turns();
      },
    });
    this.#samples = [...rows, ...others.rows];
  }

  *#lookAtOthers(): Steps<OtherLook> {
    const rows: LookRow[] = [];
    let at: number | undefined;
    for (const other of this.#parts.others ?? []) {
      const look = yield* other.look();
      for (const row of look.rows) rows.push(row);
      at ??= look.at;
    }
    this.#areOthersThere = at !== undefined;
    return { rows, at };
  }

  #looked(cost: number): void {
    this.#looks++;
    const isFirst = this.#looks < firstLooks;
    this.#cost += (cost - this.#cost) / (isFirst ? averagedAtFirst : averaged);
    const isVeryFirst = this.#looks < veryFirstLooks && this.#cost < shortLook;
    const times = isVeryFirst ? restPerVeryFirstLook : isFirst ? restPerFirstLook : restPerLook;
    this.#lookAt = this.#lookedAt + Math.max(lookEvery * (0.5 + Math.random()), this.#cost * times);
  }

  /** No more ticks come: what was suspended since the last look counts as well. */
  finish(now: number): void {
    this.#goOn(Number.POSITIVE_INFINITY);
    this.#turns.begin(this.#lookInSteps(now, true, now), false);
    this.#goOn(Number.POSITIVE_INFINITY);
    this.ended(now);
  }

  /** The process ended, or is left: what was suspended at the last look was until now. */
  ended(now: number): void {
    const { records, process } = this.#parts;
    this.#turns.stop();
    this.#record(now);
    records.ended(process);
  }

  /** What was seen at the last look counts up to `now`. */
  #record(time: number): void {
    const { records, process } = this.#parts;
    const now = Math.max(time, this.#recordedAt);
    const rows = this.#samples;
    if (rows.length > 0 && !this.#isRecorded) records.add(process, this.#recordedAt, []);
    if (rows.length > 0 || this.#isRecorded) records.add(process, now, rows);
    this.#isRecorded = rows.length > 0;
    this.#recordedAt = now;
    records.knownUntil(process, now);
  }
}
