import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import type { Losses } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
import type { LookRecords, LookRow } from '../look-records.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskGroups } from './task-group-name.js';
import type { TaskMoment, TaskStacks } from './task-stacks.js';

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
/** Microseconds of a look for tasks that changed while their code was learnt. */
const timeToReadAgain = 20_000;
/** Looks after which what is known of tasks that are gone is forgotten. */
const forgetEvery = 16;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;

export interface SuspendedTasksParts {
  readonly reader: Pick<TaskReader, 'read' | 'readOne' | 'renew' | 'unchanged'>;
  readonly stacks: TaskStacks;
  readonly codes: Pick<CodeTable, 'lasting'>;
  readonly encoder: Pick<RecordingEncoder, 'defineThread'>;
  /** Of all processes. */
  readonly records: LookRecords;
  /** When it is looked at them first, microseconds; 0: before the first tick. */
  readonly firstLook: number;
  /** The recording's number of the process. */
  readonly process: number;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly losses: Pick<Losses, 'unreadTasks'>;
  /** What the tasks of the process are within. */
  readonly labels: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
  /** Microseconds, as the times of ticks. Since now the process is sampled. */
  readonly clock: () => number;
}

interface Row {
  /** The recording's number of it. */
  readonly id: number;
  readonly group: string;
}

/** What is recorded of a task that is as it was. */
interface Entry {
  readonly task: ReadTask;
  readonly row: Row;
  /** The task that waits for it. */
  readonly caller: ReadTask | undefined;
  readonly above: number;
  readonly stack: number;
  /** Number of the last look at which it was suspended. */
  look: number;
  /** Of that look: what the process is labelled with, and the recording's context within that. */
  labels: number;
  context: number;
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
  /** By the address of the task. */
  readonly #entries = new Map<number, Entry>();
  readonly #free = new Map<string, Row[]>();
  /** At the last look there were tasks. */
  areThere = false;
  #lookAt: number;
  #lookedAt: number;
  /** What was seen at the last look, whose time is not over yet. */
  #samples: Entry[] = [];
  #recordedAt: number;
  /** At the look before there were tasks. */
  #isRecorded = false;
  #typesUntil = 0;
  /** Microseconds that a look takes. */
  #cost = 0;
  #looks = 0;

  constructor(parts: SuspendedTasksParts) {
    this.#parts = parts;
    this.#lookedAt = parts.clock();
    this.#recordedAt = this.#lookedAt;
    this.#lookAt = parts.firstLook;
    parts.records.knownUntil(parts.process, this.#recordedAt);
  }

  /**
   * To be called at each tick: looks at the tasks when that is due. `stoodSince`: when nothing in the process has
   * changed since, or infinite.
   */
  look(now: number, stoodSince = Number.POSITIVE_INFINITY): void {
    if (now < this.#lookAt) return;
    const areNone = this.#looks > 0 && !this.areThere && stoodSince <= this.#lookedAt;
    if (areNone) this.#passWithout(now);
    else this.#lookNow(now);
  }

  /** There were no tasks at the last look, and nothing can have come. */
  #passWithout(now: number): void {
    this.#record(now);
    this.#lookedAt = now;
    this.#lookAt = now + lookEvery;
  }

  /** `last`: the recording ends then. */
  #lookNow(now: number, last = Number.POSITIVE_INFINITY): void {
    const { cpu, clock, reader, losses } = this.#parts;
    const began = cpu();
    if (now >= this.#typesUntil) {
      reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const readAt = clock();
    const { tasks, unread } = reader.read();
    // The tick began earlier: its first stacks are learnt, which took more than a second on a busy machine.
    const lookedAt = (readAt + clock()) / 2;
    if (this.#looks > 0) this.#record(Math.min(last, (this.#lookedAt + lookedAt) / 2));
    this.#lookedAt = lookedAt;
    losses.unreadTasks += unread;
    this.areThere = tasks.length > 0;
    this.#samples = [];
    if (tasks.length > 0 || this.#entries.size > 0) this.#sampleAll(tasks, now);
    const cost = cpu() - began;
    this.#looks++;
    const isFirst = this.#looks < firstLooks;
    this.#cost += (cost - this.#cost) / (isFirst ? averagedAtFirst : averaged);
    const isVeryFirst = this.#looks < veryFirstLooks && this.#cost < shortLook;
    const times = isVeryFirst ? restPerVeryFirstLook : isFirst ? restPerFirstLook : restPerLook;
    this.#lookAt = this.#lookedAt + Math.max(lookEvery * (0.5 + Math.random()), this.#cost * times);
  }

  /** No more ticks come: what was suspended since the last look counts as well. */
  finish(now: number): void {
    this.#lookNow(now, now);
    this.ended(now);
  }

  /** The process ended, or is left: what was suspended at the last look was until now. */
  ended(now: number): void {
    const { records, process } = this.#parts;
    this.#record(now);
    records.ended(process);
  }

  /** What was seen at the last look counts up to `now`. */
  #record(time: number): void {
    const { records, process } = this.#parts;
    const now = Math.max(time, this.#recordedAt);
    const rows = this.#samples.map(({ row, stack, context }): LookRow => ({ id: row.id, stack, context }));
    if (rows.length > 0 && !this.#isRecorded) records.add(process, this.#recordedAt, []);
    if (rows.length > 0 || this.#isRecorded) records.add(process, now, rows);
    this.#isRecorded = rows.length > 0;
    this.#recordedAt = now;
    records.knownUntil(process, now);
  }

  #sampleAll(tasks: readonly ReadTask[], now: number): void {
    const { stacks, cpu, labels } = this.#parts;
    const began = cpu();
    const isAtFirst = this.#looks === 0 && this.#parts.firstLook === 0;
    const time = isAtFirst ? firstTimeForCallers : timeForCallers;
    const byAddress = new Map<number, ReadTask>();
    const moment = stacks.at({
      now,
      find: (address) => byAddress.get(address),
      hasTime: () => cpu() - began < time,
    });
    const held = this.#name(tasks, moment);
    for (const task of held) byAddress.set(task.address, task);
    const known = held.map((task) => this.#entryOf(task));
    const callers = held.map((task, at) => callerNow(known[at]?.caller, byAddress) ?? moment.callerOf(task));
    const waitedFor = new Set(callers);
    const inLabels = labels();
    for (let at = 0; at < held.length; at++) {
      const task = held[at]!;
      if (task.state === 'running') continue;
      const isCounted = waitedFor.has(task) && moment.isWaitingForTasks(task);
      // Of those that wait for each other each counts: nothing else does.
      if (isCounted && !moment.isInCycle(task)) continue;
      const [caller, above] = [callers[at], moment.under(callers[at])];
      let entry = known[at];
      if (entry?.above !== above || entry.caller !== caller) entry = this.#begin(task, caller, moment);
      this.#sample(entry, inLabels);
    }
    for (const [task, { row, look }] of this.#entries) {
      if (look === this.#looks) continue;
      this.#entries.delete(task);
      this.#release(row);
    }
    if (this.#looks % forgetEvery === 0) stacks.keepOnly(byAddress);
  }

  /**
   * Names what is new. Returns the tasks whose names are right: their code was there before and after, or else they
   * were the same before and after. Others are read again, now that their code is known: to learn that of a program at
   * first takes so long that of tasks that run every 20 ms none was the same.
   */
  #name(tasks: readonly ReadTask[], moment: TaskMoment): readonly ReadTask[] {
    const { stacks, codes, reader, losses } = this.#parts;
    const { frames } = stacks;
    const added = tasks.filter((task) => !this.#entryOf(task) && !frames.isNamed(task));
    if (added.length === 0) return tasks;
    const lasting = codes.lasting(new Set(added.flatMap((task) => task.frames.map(({ code }) => code))));
    const isCertain = (task: ReadTask) => task.frames.every(({ code }) => lasting.has(code));
    for (const task of added) frames.of(task);
    const uncertain = added.filter((task) => !isCertain(task));
    const withLeaves = added.filter((task) => moment.readLeaf(task));
    const same = reader.unchanged(new Set([...uncertain, ...withLeaves]));
    for (const task of withLeaves) if (!same.has(task)) frames.forgetLeaf(task);
    const changed = new Set(uncertain.filter((task) => !same.has(task)));
    if (changed.size === 0) return tasks;
    for (const task of changed) frames.forget(task);
    const again = this.#readAgain(changed);
    losses.unreadTasks += changed.size - again.length;
    return [...tasks.filter((task) => !changed.has(task)), ...again];
  }

  #readAgain(tasks: ReadonlySet<ReadTask>): readonly ReadTask[] {
    const { reader, codes, stacks, cpu } = this.#parts;
    const until = cpu() + timeToReadAgain;
    const read: ReadTask[] = [];
    for (const { address } of tasks) {
      if (cpu() >= until) break;
      const task = reader.readOne(address);
      if (!task) continue;
      const ofFrames = new Set(task.frames.map(({ code }) => code));
      if (codes.lasting(ofFrames).size < ofFrames.size) continue;
      stacks.frames.of(task);
      read.push(task);
    }
    return read;
  }

  /** What is recorded of it, if it is as it was. */
  #entryOf(task: ReadTask): Entry | undefined {
    const entry = this.#entries.get(task.address);
    return entry?.task === task ? entry : undefined;
  }

  #sample(entry: Entry, labels: number): void {
    if (entry.stack === 0) return;
    entry.look = this.#looks;
    if (entry.labels !== labels) {
      entry.labels = labels;
      entry.context = this.#parts.contexts.of(entry.row.group, labels);
    }
    this.#samples.push(entry);
  }

  #begin(task: ReadTask, caller: ReadTask | undefined, moment: TaskMoment): Entry {
    const { stacks, groups } = this.#parts;
    const group = groups.nameOf(task.name, stacks.frames.of(task).coroutine);
    const known = this.#entries.get(task.address);
    // Another task may lie there by now.
    const row = known?.row.group === group ? known.row : this.#rowOf(group);
    if (known && known.row !== row) this.#release(known.row);
    const above = moment.under(caller);
    const stack = moment.stackOf(task, above);
    const entry = { task, row, caller, above, stack, look: -1, labels: -1, context: 0 };
    this.#entries.set(task.address, entry);
    return entry;
  }

  #rowOf(group: string): Row {
    const free = this.#free.get(group)?.pop();
    if (free) return free;
    const { encoder, process } = this.#parts;
    return {
      id: encoder.defineThread({ process, threadId: 0, name: group, interpreter: 0, isTask: true }),
      group,
    };
  }

  #release(row: Row): void {
    const free = this.#free.get(row.group);
    if (free) free.push(row);
    else this.#free.set(row.group, [row]);
  }
}

/** The caller of the look before, if it is as it was. */
function callerNow(caller: ReadTask | undefined, tasks: ReadonlyMap<number, ReadTask>): ReadTask | undefined {
  return caller && tasks.get(caller.address) === caller ? caller : undefined;
}
