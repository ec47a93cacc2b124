import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import { type Losses, RunFlag } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
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
/** Looks after which what is known of tasks that are gone is forgotten. */
const forgetEvery = 16;
/** Microseconds after which the types of what tasks await are read anew. */
const typesLast = 1e6;

export interface SuspendedTasksParts {
  readonly reader: TaskReader;
  readonly stacks: TaskStacks;
  readonly codes: CodeTable;
  readonly encoder: RecordingEncoder;
  /** The recording's number of the process. */
  readonly process: number;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly losses: Pick<Losses, 'unreadTasks'>;
  /** What the tasks of the process are within. */
  readonly labels: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
  /** Since when the process is sampled; microseconds. */
  readonly began: number;
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
}

/**
 * The tasks that wait, on no thread's stack. They are looked at beside the ticks, ten times a second, at random: each
 * that is suspended counts for the time since the look before. One that runs at that moment is on its thread's stack,
 * and counts there. One that waits for other tasks counts as these do, which stand below it.
 */
export class SuspendedTasks {
  readonly #parts: SuspendedTasksParts;
  /** By the address of the task. */
  readonly #entries = new Map<number, Entry>();
  readonly #free = new Map<string, Row[]>();
  /** At the last look there were tasks. */
  areThere = false;
  #lookAt = 0;
  #lookedAt: number;
  #isRecorded = false;
  #typesUntil = 0;
  /** Microseconds that a look takes. */
  #cost = 0;
  #looks = 0;

  constructor(parts: SuspendedTasksParts) {
    this.#parts = parts;
    this.#lookedAt = parts.began;
  }

  /** To be called at each tick: looks at the tasks when that is due. */
  look(now: number): void {
    if (now < this.#lookAt) return;
    const { cpu, reader, losses } = this.#parts;
    const began = cpu();
    if (now >= this.#typesUntil) {
      reader.renew();
      this.#typesUntil = now + typesLast;
    }
    const { tasks, unread } = reader.read();
    losses.unreadTasks += unread;
    this.areThere = tasks.length > 0;
    if (tasks.length > 0 || this.#entries.size > 0) this.#record(tasks, now);
    else this.#isRecorded = false;
    this.#lookedAt = now;
    const cost = cpu() - began;
    this.#looks++;
    const isFirst = this.#looks < firstLooks;
    this.#cost += (cost - this.#cost) / (isFirst ? averagedAtFirst : averaged);
    const isVeryFirst = this.#looks < veryFirstLooks && this.#cost < shortLook;
    const times = isVeryFirst ? restPerVeryFirstLook : isFirst ? restPerFirstLook : restPerLook;
    this.#lookAt = now + Math.max(lookEvery * (0.5 + Math.random()), this.#cost * times);
  }

  /** No more ticks come: what was suspended since the last look counts as well. */
  finish(now: number): void {
    this.#lookAt = now;
    this.look(now);
  }

  #record(tasks: readonly ReadTask[], now: number): void {
    const { encoder, process, stacks, cpu } = this.#parts;
    const began = cpu();
    const byAddress = new Map<number, ReadTask>();
    const moment = stacks.at({
      now,
      find: (address) => byAddress.get(address),
      hasTime: () => cpu() - began < timeForCallers,
    });
    const held = this.#name(tasks, moment);
    for (const task of held) byAddress.set(task.address, task);
    const callers = held.map((task) => this.#callerOf(task, moment, byAddress));
    const waitedFor = new Set(callers);
    if (!this.#isRecorded) {
      encoder.beginTasks(process, this.#lookedAt);
      encoder.endTasks();
      this.#isRecorded = true;
    }
    encoder.beginTasks(process, now);
    for (const [at, task] of held.entries()) {
      if (task.state === 'running') continue;
      const isCounted = waitedFor.has(task) && moment.isWaitingForTasks(task);
      // Of those that wait for each other each counts: nothing else does.
      if (isCounted && !moment.isInCycle(task)) continue;
      this.#sample(task, callers[at], moment);
    }
    encoder.endTasks();
    for (const [task, { row, look }] of this.#entries) {
      if (look === this.#looks) continue;
      this.#entries.delete(task);
      this.#release(row);
    }
    if (this.#looks % forgetEvery === 0) stacks.keepOnly(byAddress);
  }

  /**
   * Names what is new. Returns the tasks whose names are right: their code was there before and after, or else they
   * were the same before and after.
   */
  #name(tasks: readonly ReadTask[], moment: TaskMoment): readonly ReadTask[] {
    const { stacks, codes, reader, losses } = this.#parts;
    const { frames } = stacks;
    const added = tasks.filter(
      (task) => this.#entries.get(task.address)?.task !== task && !frames.isNamed(task),
    );
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
    losses.unreadTasks += changed.size;
    return tasks.filter((task) => !changed.has(task));
  }

  /** That of the look before, where both are as they were. */
  #callerOf(task: ReadTask, moment: TaskMoment, tasks: ReadonlyMap<number, ReadTask>): ReadTask | undefined {
    const known = this.#entries.get(task.address);
    const caller = known?.task === task ? known.caller : undefined;
    return caller && tasks.get(caller.address) === caller ? caller : moment.callerOf(task);
  }

  #sample(task: ReadTask, caller: ReadTask | undefined, moment: TaskMoment): void {
    const { encoder, contexts, labels } = this.#parts;
    const above = moment.under(caller);
    const known = this.#entries.get(task.address);
    const isSame = known?.task === task && known.above === above && known.caller === caller;
    const entry = isSame ? known : this.#begin(task, caller, moment);
    if (entry.stack === 0) return;
    entry.look = this.#looks;
    encoder.task(entry.row.id, entry.stack, RunFlag.waiting, contexts.of(entry.row.group, labels()));
  }

  #begin(task: ReadTask, caller: ReadTask | undefined, moment: TaskMoment): Entry {
    const { stacks, groups } = this.#parts;
    const group = groups.nameOf(task.name, stacks.frames.of(task).coroutine);
    const known = this.#entries.get(task.address);
    // Another task may lie there by now.
    const row = known?.row.group === group ? known.row : this.#rowOf(group);
    if (known && known.row !== row) this.#release(known.row);
    const above = moment.under(caller);
    const entry = { task, row, caller, above, stack: moment.stackOf(task, above), look: -1 };
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
