import { FrameVariables } from '../cpython/frame-variables.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import {
  isSameTrioTask,
  isTrioRunner,
  type ReadTrioTask,
  readTrioTasks,
} from '../cpython/trio/trio-reader.js';
import { type PlacedFrame, TrioWaits } from '../cpython/trio/trio-waits.js';
import { versionOf } from '../cpython/versions.js';
import { cachedMemory } from '../memory/cached-memory.js';
import { ReadBudget, withReadBudget } from '../memory/read-budget.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { FrameSnapshot, TaskSnapshot, TasksSnapshot } from '../model/snapshot.js';
import type { Target } from '../platform/target.js';
import type { ShownFrames } from './shown-frames.js';
import { sortedByName, stackOf, type ThreadFrames } from './task-snapshots.js';

/** Looks at tasks that were not the same before and after their frames were named. */
const mostLooks = 6;
const mostReads = 4_000_000;
/**
 * The functions of trio that have the runner in a variable: the one that runs the tasks, and while nothing is ready
 * none but the one that called it. Of a loop that another library drives there is only the first.
 */
const loopFile = /(?:^|\/)trio\/_core\/_run\.py$/;
const loopFunctions: readonly string[] = ['unrolled_run', 'run'];

/** The tasks of trio, for a dump: of the loops that run in threads. */
export class TrioSnapshots {
  readonly #target: Target;
  readonly #location: RuntimeLocation;
  readonly #shown: ShownFrames;
  readonly #budget = new ReadBudget(mostReads);

  constructor(target: Target, location: RuntimeLocation, shown: ShownFrames) {
    this.#target = target;
    this.#location = location;
    this.#shown = shown;
  }

  /** `undefined` without trio. */
  read(threads: readonly ThreadFrames[]): TasksSnapshot | undefined {
    const { memory } = this.#target;
    const { layout } = this.#location;
    const asyncio = versionOf(layout)?.asyncio;
    const runners = this.#runners(threads);
    if (!asyncio || runners.size === 0) return undefined;
    const done = new Map<number, TaskSnapshot>();
    const addresses = [...runners.keys()];
    let before = readTrioTasks(memory, layout, asyncio, addresses);
    for (let look = 1; ; look++) {
      const left = before.tasks.filter(({ address }) => !done.has(address));
      const made = this.#make(left, runners, threads);
      const after = readTrioTasks(memory, layout, asyncio, addresses);
      const held = new Map(after.tasks.map((task) => [task.address, task]));
      // What was the same before and after had the same code and variables when these were read.
      for (const task of left) {
        const still = held.get(task.address);
        const shown = made.get(task.address);
        if (still && shown && isSameTrioTask(task, still)) done.set(task.address, shown);
      }
      const missing = [...held.keys(), ...after.unread].filter((address) => !done.has(address)).length;
      if (look === mostLooks || missing === 0)
        return {
          tasks: sortedByName([...done.values()]),
          unread: missing,
          isComplete: after.isComplete,
        };
      before = after;
    }
  }

  /** Addresses of the runners of trio, with the threads in which they run. */
  #runners(threads: readonly ThreadFrames[]): Map<number, ThreadFrames> {
    const { memory } = this.#target;
    const { layout } = this.#location;
    const variables = new FrameVariables(memory, layout);
    const runners = new Map<number, ThreadFrames>();
    for (const thread of threads)
      for (const { address: frame, code } of thread.found) {
        const info = this.#shown.codes.at(code);
        if (!info || !loopFunctions.includes(info.name) || !loopFile.test(info.fileName)) continue;
        const runner = variables.of({ frame, code }, 'runner');
        if (isTrioRunner(memory, layout, runner)) runners.set(runner, thread);
      }
    return runners;
  }

  /** By address, without those that cannot be shown. */
  #make(
    tasks: readonly ReadTrioTask[],
    runners: ReadonlyMap<number, ThreadFrames>,
    threads: readonly ThreadFrames[],
  ): Map<number, TaskSnapshot> {
    const { codes } = this.#shown;
    const sites = tasks.flatMap(({ frames }) =>
      frames.map(({ frame, code, instruction }) => ({ address: frame, code, instruction })),
    );
    // Code that was known from before may be gone, and another there.
    if (!codes.lastedSince(Number.POSITIVE_INFINITY, sites)) this.#shown.forgetVariables();
    const memory = cachedMemory(withReadBudget(this.#target.memory, this.#budget));
    const waits = new TrioWaits(memory, this.#location.layout);
    const made = new Map<number, TaskSnapshot>();
    for (const task of tasks) {
      const { address, state, runner, parent } = task;
      const running = state === 'running' ? stackOf(task.outermostFrame, threads) : undefined;
      const stack = this.#stack(task, memory);
      if (!stack) continue;
      const wait = state === 'waiting' ? waits.of(stack.placed) : undefined;
      made.set(address, {
        ...{ id: address, name: task.name, state, isCancelling: task.isCancelled },
        ...{ waitKind: wait?.kind ?? '', waitingFor: wait?.text ?? '', loop: runner },
        threadId: runners.get(runner)?.threadId ?? 0,
        awaitedBy: parent === 0 ? [] : [parent],
        truncated: task.truncated,
        frames: running?.frames ?? stack.frames,
      });
    }
    return made;
  }

  /** `undefined` when a frame is no frame after all. */
  #stack(
    task: ReadTrioTask,
    memory: TargetMemory,
  ): { readonly frames: FrameSnapshot[]; readonly placed: PlacedFrame[] } | undefined {
    this.#shown.readValuesIn(memory);
    const frames: FrameSnapshot[] = [];
    const placed: PlacedFrame[] = [];
    for (const frame of task.frames) {
      const { frame: address, code, instruction } = frame;
      if (!this.#shown.codes.at(code)) return undefined;
      const shown = this.#shown.of({ code, instruction });
      if (!shown) continue;
      frames.push(this.#shown.withVariables(shown, { address, code, instruction }, frames.length));
      placed.push({ frame, place: `${shown.shortFile}:${shown.name}` });
    }
    return { frames, placed };
  }
}
