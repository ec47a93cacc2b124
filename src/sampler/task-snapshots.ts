import { Callbacks } from '../cpython/asyncio/callbacks.js';
import { findAsyncioDebug } from '../cpython/asyncio/debug-section.js';
import { runningLoop } from '../cpython/asyncio/running-loop.js';
import { type ReadTask, TaskReader, type TaskReading } from '../cpython/asyncio/task-reader.js';
import { TaskWaits } from '../cpython/asyncio/waits.js';
import { WakeUps } from '../cpython/asyncio/wake-ups.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import type { FoundFrame } from '../cpython/read-frames.js';
import { cachedMemory } from '../memory/cached-memory.js';
import { ReadBudget, withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { FrameSnapshot, TaskSnapshot, TasksSnapshot } from '../model/snapshot.js';
import type { Target } from '../platform/target.js';
import type { ShownFrames } from './shown-frames.js';

/** What was shown of a thread. */
export interface ThreadFrames {
  /** Of the thread state. */
  readonly address: number;
  readonly ident: number;
  readonly threadId: number;
  /** Innermost first. */
  readonly frames: readonly FrameSnapshot[];
  readonly found: readonly FoundFrame[];
  /** How many of `frames` each of `found` and those that it called are. */
  readonly ends: readonly number[];
}

/** Looks at tasks that were not the same before and after their frames were named. Long-lived ones need one. */
const mostLooks = 6;
/** Regions read for what all tasks wait for: 100,000 tasks in one `gather` take half. */
const mostReads = 4_000_000;

/** The tasks of asyncio, for a dump. */
export class TaskSnapshots {
  readonly #target: Target;
  readonly #location: RuntimeLocation;
  readonly #shown: ShownFrames;
  /** By the address of the code and the instruction; of code that is the same all the time. */
  readonly #frameSnapshots = new Map<number, Map<number, FrameSnapshot>>();
  readonly #budget = new ReadBudget(mostReads);

  constructor(target: Target, location: RuntimeLocation, shown: ShownFrames) {
    this.#target = target;
    this.#location = location;
    this.#shown = shown;
  }

  /** `undefined` without asyncio. */
  read(threads: readonly ThreadFrames[]): TasksSnapshot | undefined {
    const { memory } = this.#target;
    const { layout, runtime, image } = this.#location;
    const findDebug = () => findAsyncioDebug(this.#target.files(), memory, image);
    const reader = new TaskReader({ memory, layout, runtime, findDebug });
    let before = reader.read();
    if (!reader.asyncio || (before.tasks.length === 0 && before.unread === 0 && before.isComplete))
      return undefined;
    const done = new Map<ReadTask, TaskSnapshot>();
    for (let look = 1; ; look++) {
      const left = before.tasks.filter((task) => !done.has(task));
      const made = this.#make(reader, before, left, threads);
      const after = reader.read();
      const held = new Set(after.tasks);
      // What was the same before and after had the same code and variables when these were read.
      for (const [index, task] of left.entries()) if (held.has(task)) done.set(task, made[index]!);
      const missing = after.tasks.filter((task) => !done.has(task)).length;
      if (look === mostLooks || missing === 0) {
        const tasks = after.tasks.flatMap((task) => done.get(task) ?? []);
        return { tasks: sortedByName(tasks), unread: after.unread + missing, isComplete: after.isComplete };
      }
      before = after;
    }
  }

  #make(
    reader: TaskReader,
    reading: TaskReading,
    wanted: readonly ReadTask[],
    threads: readonly ThreadFrames[],
  ): TaskSnapshot[] {
    const { layout } = this.#location;
    const asyncio = reader.asyncio!;
    const { codes } = this.#shown;
    const frames = wanted.flatMap((task) => task.frames);
    // Code that was known from before may be gone, and another there.
    const sites = frames.map(({ frame, code, instruction }) => ({ address: frame, code, instruction }));
    if (!codes.lastedSince(Number.POSITIVE_INFINITY, sites)) this.#shown.forgetVariables();
    this.#frameSnapshots.clear();
    const memory = cachedMemory(withReadBudget(this.#target.memory, this.#budget));
    const names = new Map(reading.tasks.map(({ address, name }) => [address, name]));
    const callbacks = new Callbacks(memory, layout, asyncio);
    const wakeUps = new WakeUps(callbacks, reading.tasks);
    const waits = new TaskWaits({
      ...{ memory, layout, asyncio },
      codeAt: (address) => codes.at(address),
      nameOf: (task) => names.get(task),
    });
    const loops = this.#threadsOfLoops(memory, reader, reading, threads);
    return wanted.map((task) => {
      const wait = waits.of(task);
      const isAwaited = task.hasCallbacks || task.awaitedBy.length > 0 || wakeUps.isWaitedFor(task.address);
      const awaiting = isAwaited ? [...wakeUps.tasksAwaiting(task.address), ...task.awaitedBy] : [];
      const running = task.state === 'running' ? stackOf(task.outermostFrame, threads) : undefined;
      return {
        id: task.address,
        name: task.name,
        state: task.state,
        isCancelling: task.isCancelling,
        waitKind: wait?.kind ?? '',
        waitingFor: wait?.text ?? '',
        loop: task.loop,
        threadId: running?.threadId ?? loops.get(task.loop) ?? 0,
        awaitedBy:
          awaiting.length === 0
            ? awaiting
            : [...new Set(awaiting)].filter((one) => names.has(one) && one !== task.address),
        truncated: task.truncated,
        frames: running?.frames ?? this.#frames(task, memory),
      };
    });
  }

  #frames(task: ReadTask, memory: TargetMemory): FrameSnapshot[] {
    this.#shown.readValuesIn(memory);
    const frames: FrameSnapshot[] = [];
    for (const { frame, code, instruction } of task.frames) {
      const shown = this.#frameAt(code, instruction);
      if (shown)
        frames.push(this.#shown.withVariables(shown, { address: frame, code, instruction }, frames.length));
    }
    return frames;
  }

  /** Many tasks are at the same place. */
  #frameAt(code: number, instruction: number): FrameSnapshot | undefined {
    let ofCode = this.#frameSnapshots.get(code);
    if (!ofCode) {
      ofCode = new Map();
      this.#frameSnapshots.set(code, ofCode);
    }
    const known = ofCode.get(instruction);
    if (known) return known;
    const shown = this.#shown.of({ code, instruction });
    if (shown) ofCode.set(instruction, shown);
    return shown;
  }

  /** The kernel's ids of the threads in which loops run, by the address of the loop. */
  #threadsOfLoops(
    memory: TargetMemory,
    reader: TaskReader,
    { tasks }: TaskReading,
    threads: readonly ThreadFrames[],
  ): Map<number, number> {
    const found = new Map<number, number>();
    for (const { loop, threadState } of reader.threads()) {
      const thread = threads.find(({ address }) => address === threadState);
      if (thread) found.set(loop, thread.threadId);
    }
    const loops = new Set(tasks.map(({ loop }) => loop));
    for (const { address, threadId } of threads) {
      const loop = runningLoop(memory, this.#location.layout, reader.asyncio!, address);
      if (loops.has(loop)) found.set(loop, threadId);
    }
    return found;
  }
}

/** What runs of the coroutine with that frame: it and all that it called. */
export function stackOf(
  outermost: number,
  threads: readonly ThreadFrames[],
): { readonly threadId: number; readonly frames: readonly FrameSnapshot[] } | undefined {
  for (const { threadId, found, ends, frames } of threads) {
    const at = found.findIndex(({ address }) => address === outermost);
    if (at >= 0) return { threadId, frames: frames.slice(0, ends[at]!) };
  }
  return undefined;
}

/** `Task-2` before `Task-10`. */
export function sortedByName(tasks: readonly TaskSnapshot[]): TaskSnapshot[] {
  const keyed = tasks.map((task) => {
    const [number = ''] = /\d{0,15}$/.exec(task.name) ?? [];
    return { task, text: task.name.slice(0, task.name.length - number.length), number: Number(number) };
  });
  keyed.sort((a, b) => (a.text === b.text ? a.number - b.number : a.text < b.text ? -1 : 1));
  return keyed.map(({ task }) => task);
}
