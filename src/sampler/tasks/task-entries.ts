import type { ReadTask, TaskReader } from '../../cpython/asyncio/task-reader.js';
import type { TaskShape } from '../../cpython/asyncio/task-shape.js';
import { eachInSteps, type Steps } from '../../memory/steps.js';
import type { Losses } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { CodeTable } from '../code-table.js';
import type { LookRow } from '../look-records.js';
import type { TaskContexts } from './task-contexts.js';
import type { TaskGroups } from './task-group-name.js';
import { type TaskRow, TaskRows } from './task-rows.js';
import type { TaskMoment, TaskStacks } from './task-stacks.js';

/** Microseconds of a look for tasks that changed while their code was learnt. */
const timeToReadAgain = 20_000;
/** Looks after which what is known of tasks that are gone is forgotten. */
const forgetEvery = 16;
/** Tasks that are sampled, or only looked up, in one step. */
const [sampledTogether, lookedUpTogether] = [128, 1024];

export interface TaskEntriesParts {
  readonly reader: Pick<TaskReader, 'readOne' | 'unchanged'>;
  readonly stacks: TaskStacks;
  readonly codes: Pick<CodeTable, 'at' | 'lasting'>;
  readonly encoder: Pick<RecordingEncoder, 'defineThread'>;
  /** The recording's number of the process. */
  readonly process: number;
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly losses: Pick<Losses, 'unreadTasks'>;
  /** What the tasks of the process are within. */
  readonly labels: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

/** The tasks of one look. */
export interface TaskLook {
  readonly tasks: readonly ReadTask[];
  /** When they were begun to be read, microseconds. */
  readonly began: number;
  readonly now: number;
  /** Microseconds of CPU time to find out who waits for whom. */
  readonly timeForCallers: number;
  /** New tasks that are named in one step. */
  readonly together: number;
  /** Counts the ticks at which the look went on. */
  readonly turn: number;
}

/** What is recorded of a task as long as it waits where it did. */
interface TaskEntry {
  readonly address: number;
  task: ReadTask;
  readonly row: TaskRow;
  /** The task that waits for it. */
  readonly caller: ReadTask | undefined;
  readonly above: number;
  readonly stack: number;
  /** Its stack follows from its frames alone. */
  readonly isOfFrames: boolean;
  /** Number of the last look at which it was suspended. */
  look: number;
  /** What is recorded of it, and what the process is labelled with in that. */
  recorded: LookRow | undefined;
  labels: number;
}

/** What the recording says of each task: its row, and the stack that it waits in. */
export class TaskEntries {
  readonly #parts: TaskEntriesParts;
  /** By the address of the task. */
  readonly #entries = new Map<number, TaskEntry>();
  /** In the order of the tasks at the last look, in which nearly all come again. */
  readonly #inOrder: (TaskEntry | undefined)[] = [];
  readonly #rows: TaskRows;
  #looks = 0;

  constructor(parts: TaskEntriesParts) {
    this.#parts = parts;
    this.#rows = new TaskRows(parts.encoder, parts.process);
  }

  /** What is to be recorded of those tasks that are suspended and count. */
  *of(look: TaskLook): Steps<LookRow[]> {
    const rows: LookRow[] = [];
    if (look.tasks.length === 0 && this.#entries.size === 0) return rows;
    this.#looks++;
    const { stacks, cpu, labels } = this.#parts;
    let { turn } = look;
    let began = cpu();
    let used = 0;
    const byAddress = new Map<number, ReadTask>();
    const moment = stacks.at({
      now: look.now,
      find: (address) => byAddress.get(address),
      hasTime: () => used + cpu() - began < look.timeForCallers,
    });
    /** Others may have had their turn: what was read of memory is old then, and the time was theirs. */
    const goOn = () => {
      if (turn === look.turn) return;
      moment.readAnew();
      turn = look.turn;
      began = cpu();
    };
    const held = yield* this.#name(look, moment, goOn);
    yield* eachInSteps(held, lookedUpTogether, (task) => byAddress.set(task.address, task));
    const known: (TaskEntry | undefined)[] = [];
    const callers: (ReadTask | undefined)[] = [];
    const inSteps = function* (act: (at: number) => void): Steps<void> {
      for (let from = 0; from < held.length; from += sampledTogether) {
        goOn();
        for (let at = from; at < Math.min(held.length, from + sampledTogether); at++) act(at);
        used += cpu() - began;
        began = cpu();
        yield;
      }
    };
    goOn();
    [began, used] = [cpu(), 0];
    const callerNow = callersNow(byAddress);
    yield* inSteps((at) => {
      const entry = this.#entryOf(held[at]!, at);
      known.push(entry);
      callers.push(callerNow(entry?.caller) ?? moment.callerOf(held[at]!));
    });
    const waitedFor = new Set(callers);
    const inLabels = labels();
    yield* inSteps((at) => {
      const entry = this.#sample(held[at]!, known[at], { caller: callers[at], waitedFor, moment });
      // What has none now gives its row back below.
      this.#inOrder[at] = entry;
      if (entry && entry.stack !== 0) rows.push(this.#rowNow(entry, inLabels));
    });
    this.#inOrder.length = held.length;
    yield* eachInSteps(this.#entries.values(), lookedUpTogether, ({ address, row, look }) => {
      if (look === this.#looks) return;
      this.#entries.delete(address);
      this.#rows.release(row);
    });
    if (this.#looks % forgetEvery === 0) stacks.keepOnly(byAddress);
    return rows;
  }

  /** `undefined`: it does not wait, or others count in its place. */
  #sample(task: ReadTask, known: TaskEntry | undefined, { caller, waitedFor, moment }: Sampled) {
    if (task.state === 'running') return undefined;
    const isCounted = waitedFor.has(task) && moment.isWaitingForTasks(task);
    // Of those that wait for each other each counts: nothing else does.
    if (isCounted && !moment.isInCycle(task)) return undefined;
    if (known?.above === moment.under(caller) && known.caller === caller) return known;
    return this.#begin(task, caller, moment);
  }

  #rowNow(entry: TaskEntry, labels: number): LookRow {
    entry.look = this.#looks;
    if (!entry.recorded || entry.labels !== labels) {
      const { row, stack } = entry;
      entry.labels = labels;
      entry.recorded = { id: row.id, stack, context: this.#parts.contexts.of(row.group, labels) };
    }
    return entry.recorded;
  }

  /**
   * Names what is new. Returns the tasks whose names are right: their code was there before and after, or else they
   * were the same before and after. Others are read again, now that their code is known: to learn that of a program at
   * first takes so long that of tasks that run every 20 ms none was the same.
   */
  *#name(
    { tasks, began, together }: TaskLook,
    moment: TaskMoment,
    goOn: () => void,
  ): Steps<readonly ReadTask[]> {
    const added: ReadTask[] = [];
    const moved: Moved = { tasks: [], entries: [] };
    for (let from = 0; from < tasks.length; from += sampledTogether) {
      this.#sort(tasks, [from, Math.min(from + sampledTogether, tasks.length)], added, moved);
      yield;
    }
    if (added.length === 0 && moved.tasks.length === 0) return tasks;
    const isCertain = this.#keepMoved(moved, added, began);
    yield;
    const changed = new Set<ReadTask>();
    const again: ReadTask[] = [];
    const timeEnds = { left: timeToReadAgain };
    for (let from = 0; from < added.length; from += together) {
      goOn();
      const failed = this.#nameSome(added.slice(from, from + together), isCertain, moment);
      for (const task of failed) changed.add(task);
      again.push(...this.#readAgain(failed, timeEnds));
      yield;
    }
    this.#parts.losses.unreadTasks += changed.size - again.length;
    return changed.size === 0 ? tasks : [...tasks.filter((task) => !changed.has(task)), ...again];
  }

  /**
   * Entries are of the tasks that `moved`, if their code is certain; what is not is `added`. Returns whether a code
   * object is: it was there all the time.
   */
  #keepMoved(moved: Moved, added: ReadTask[], began: number): (code: number) => boolean {
    const { codes } = this.#parts;
    const shapes = new Map<TaskShape, boolean>();
    const all = new Set<number>();
    for (const task of moved.tasks) {
      const shape = task.shape!;
      if (shapes.has(shape)) continue;
      shapes.set(shape, false);
      for (const code of codesOf(shape)) all.add(code);
    }
    for (const { frames } of added) for (const { code } of frames) all.add(code);
    const lasting = codes.lasting(all);
    // What was learnt since then, for a thread's sample, may not have been there.
    const isCertain = (code: number) => lasting.has(code) && (codes.at(code)?.since ?? 0) <= began;
    for (const shape of shapes.keys()) shapes.set(shape, codesOf(shape).every(isCertain));
    for (let at = 0; at < moved.tasks.length; at++) {
      const task = moved.tasks[at]!;
      if (shapes.get(task.shape!)) moved.entries[at]!.task = task;
      else added.push(task);
    }
    return isCertain;
  }

  /** `added`: those to be named; `moved`: those that wait where they did, though for something else. */
  #sort(
    tasks: readonly ReadTask[],
    [from, to]: readonly [number, number],
    added: ReadTask[],
    moved: Moved,
  ): void {
    const { frames } = this.#parts.stacks;
    const inOrder = this.#inOrder;
    for (let at = from; at < to; at++) {
      const task = tasks[at]!;
      let entry = inOrder[at];
      if (entry?.task === task) continue;
      if (entry?.address !== task.address) entry = this.#entries.get(task.address);
      inOrder[at] = entry;
      if (entry?.task === task) continue;
      if (entry && isAsBefore(entry, task)) {
        moved.tasks.push(task);
        moved.entries.push(entry);
      } else if (!frames.isNamed(task)) added.push(task);
    }
  }

  /** Returns those that changed meanwhile. */
  #nameSome(
    added: readonly ReadTask[],
    isCertain: (code: number) => boolean,
    moment: TaskMoment,
  ): ReadTask[] {
    const { stacks, reader } = this.#parts;
    const { frames } = stacks;
    for (const task of added) frames.of(task);
    const uncertain = added.filter((task) => !task.frames.every(({ code }) => isCertain(code)));
    const withLeaves = added.filter((task) => moment.readLeaf(task));
    if (uncertain.length === 0 && withLeaves.length === 0) return [];
    const same = reader.unchanged(new Set([...uncertain, ...withLeaves]));
    for (const task of withLeaves) if (!same.has(task)) frames.forgetLeaf(task);
    const changed = uncertain.filter((task) => !same.has(task));
    for (const task of changed) frames.forget(task);
    return changed;
  }

  #readAgain(tasks: readonly ReadTask[], time: { left: number }): readonly ReadTask[] {
    const { reader, codes, stacks, cpu } = this.#parts;
    const began = cpu();
    const read: ReadTask[] = [];
    for (const { address } of tasks) {
      if (cpu() - began >= time.left) break;
      const task = reader.readOne(address);
      if (!task) continue;
      const ofFrames = new Set(task.frames.map(({ code }) => code));
      if (codes.lasting(ofFrames).size < ofFrames.size) continue;
      stacks.frames.of(task);
      read.push(task);
    }
    time.left -= cpu() - began;
    return read;
  }

  /** What is recorded of it, if it is as it was. */
  #entryOf(task: ReadTask, at: number): TaskEntry | undefined {
    const inOrder = this.#inOrder[at];
    if (inOrder?.task === task) return inOrder;
    const entry = this.#entries.get(task.address);
    return entry?.task === task ? entry : undefined;
  }

  #begin(task: ReadTask, caller: ReadTask | undefined, moment: TaskMoment): TaskEntry {
    const { stacks, groups } = this.#parts;
    const group = groups.nameOf(task.name, stacks.frames.of(task).coroutine);
    const known = this.#entries.get(task.address);
    // Another task may lie there by now.
    const row = known?.row.group === group ? known.row : this.#rows.of(group);
    if (known && known.row !== row) this.#rows.release(known.row);
    const above = moment.under(caller);
    const stack = moment.stackOf(task, above);
    const isOfFrames = stacks.frames.sayAll(task);
    const { address } = task;
    // Not put together by spreading: with such objects V8 took 2 ms longer for a look at 1,000 tasks.
    const entry: TaskEntry = {
      address,
      task,
      row,
      caller,
      above,
      stack,
      isOfFrames,
      look: -1,
      labels: -1,
      recorded: undefined,
    };
    this.#entries.set(address, entry);
    return entry;
  }
}

interface Sampled {
  readonly caller: ReadTask | undefined;
  readonly waitedFor: ReadonlySet<ReadTask | undefined>;
  readonly moment: TaskMoment;
}

/** Tasks that wait where their entries say, though for something else; and of each that entry. */
interface Moved {
  readonly tasks: ReadTask[];
  readonly entries: TaskEntry[];
}

/** Gives the caller of the look before, if it is as it was. That of one task is mostly that of the one before it. */
function callersNow(tasks: ReadonlyMap<number, ReadTask>) {
  let last: ReadTask | undefined;
  let now: ReadTask | undefined;
  return (caller: ReadTask | undefined): ReadTask | undefined => {
    if (caller === undefined || caller === last) return caller && now;
    last = caller;
    now = tasks.get(caller.address) === caller ? caller : undefined;
    return now;
  };
}

/** Whether a task waits in the same stack, below the same tasks, as when its entry was made. */
function isAsBefore({ task: before, isOfFrames }: TaskEntry, task: ReadTask): boolean {
  return (
    isOfFrames &&
    task.shape !== undefined &&
    task.shape === before.shape &&
    task.state === before.state &&
    task.name === before.name &&
    task.coroutine === before.coroutine &&
    isEqual(task.callbacks, before.callbacks) &&
    isEqual(task.awaitedBy, before.awaitedBy)
  );
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function codesOf({ nodes }: TaskShape): number[] {
  return nodes.flatMap(({ frame }) => frame?.code ?? []);
}
