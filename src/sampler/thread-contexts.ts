import type { AsyncioDebug } from '../cpython/asyncio/debug-section.js';
import { type ReadTask, TaskReader } from '../cpython/asyncio/task-reader.js';
import { FrameVariables } from '../cpython/frame-variables.js';
import { KnownGreenlets } from '../cpython/greenlets/known-greenlets.js';
import type { RuntimeLocation } from '../cpython/locate/locate.js';
import { KnownTrioTasks } from '../cpython/trio/known-trio-tasks.js';
import { versionOf } from '../cpython/versions.js';
import { greenletLibraries } from '../frameworks/greenlet-names.js';
import type { Anchor } from '../frameworks/request-anchors.js';
import type { ReadPlan } from '../memory/read-plan.js';
import type { TargetMemory } from '../memory/target-memory.js';
import { noContext } from '../model/context.js';
import type { Losses } from '../model/profile.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import type { LookRecords } from './look-records.js';
import { LookTime } from './look-turns.js';
import { LoopSteps } from './loops/loop-steps.js';
import { RequestFinder } from './requests/request-finder.js';
import type { RequestNumbers } from './requests/request-in-hand.js';
import type { LookMoment } from './requests/still-there.js';
import { SuspendedRequests } from './requests/suspended-requests.js';
import type { SampledThread } from './sampled-thread.js';
import type { StackReader } from './stack-reader.js';
import { GreenletRows } from './tasks/greenlet-rows.js';
import { RunningGreenlets } from './tasks/running-greenlets.js';
import { RunningTasks } from './tasks/running-tasks.js';
import { SuspendedGreenlets } from './tasks/suspended-greenlets.js';
import { SuspendedTasks } from './tasks/suspended-tasks.js';
import { TaskContexts } from './tasks/task-contexts.js';
import type { TaskFrames } from './tasks/task-frames.js';
import { TaskGroups } from './tasks/task-group-name.js';
import { TaskRows } from './tasks/task-rows.js';
import { TaskStacks } from './tasks/task-stacks.js';
import { TrioTasks } from './tasks/trio-tasks.js';
import type { ProcessLabels } from './thread-labels.js';

export interface RequestOptions {
  /** Which frames have a request in hand. */
  readonly anchors: readonly Anchor[];
  /** The number of the next request that is seen. */
  readonly numbers: RequestNumbers;
  /** Where those whose tasks are suspended are recorded. */
  readonly suspended: LookRecords;
  /** As `TaskSource` has it. */
  readonly findDebug?: () => AsyncioDebug | undefined;
}

export interface ThreadContextsOptions {
  /** Absent: nothing is known of labels. */
  readonly labels?: ProcessLabels;
  /** Where tasks are recorded; absent: they are not. */
  readonly tasks?: LookRecords;
  /** Absent: requests are not looked for. */
  readonly requests?: RequestOptions;
  /** Whether what is not needed for the first sample is left to later ones, so that the first takes less. */
  readonly namesLater?: boolean;
}

/**
 * Microseconds until the first look for tasks where that is left to later samples: to find that there is no asyncio
 * takes a fifth of a first sample.
 */
const firstLookLater = 10_000;

interface ContextsParts extends ThreadContextsOptions {
  readonly shortFileName: (fileName: string) => string;
  readonly memory: TargetMemory;
  readonly location: RuntimeLocation;
  readonly encoder: RecordingEncoder;
  readonly losses: Losses;
  readonly process: number;
  readonly clock: () => number;
  /** Microseconds of CPU time that this thread has used. */
  readonly cpu: () => number;
}

export function makeContexts(parts: ContextsParts, reader: StackReaderParts): ThreadContexts {
  const { labels, requests, memory, location, encoder, process, clock, cpu } = parts;
  const { tree, codes } = reader;
  const { layout, runtime } = location;
  const loops = new LoopSteps({ memory, layout, tree, codes, encoder });
  const moment = { lookedAt: 0 };
  const time = new LookTime();
  if (!requests) return new ThreadContexts(labels, loops, moment, { time });
  const { anchors, numbers, suspended: records, findDebug } = requests;
  const finder = new RequestFinder({
    ...{ memory, layout, tree, codes, encoder, numbers, anchors, clock, moment },
  });
  const suspended = new SuspendedRequests({
    ...{ memory, layout, codes, encoder, records, process, time, clock, cpu },
    reader: new TaskReader({ memory, layout, runtime, ...(findDebug ? { findDebug } : {}) }),
    requests: finder,
    firstLook: firstLookOf(parts),
  });
  const tasks = parts.tasks ? makeTasks({ ...parts, tasks: parts.tasks, time }, reader, finder) : undefined;
  return new ThreadContexts(labels, loops, moment, { requests: finder, suspended, tasks, time });
}

function makeTasks(
  parts: ContextsParts & { readonly tasks: LookRecords; readonly time: LookTime },
  reader: StackReaderParts,
  requests: RequestFinder,
): Tasks {
  const { labels, memory, location, encoder, process, clock, cpu, losses, tasks: records, time } = parts;
  const { layout, runtime } = location;
  const { codes } = reader;
  const findDebug = parts.requests?.findDebug;
  const tasks = new TaskReader({ memory, layout, runtime, ...(findDebug ? { findDebug } : {}) });
  const hasRequest = (task: ReadTask) =>
    requests.hasResumed && requests.lastOfTask(task.address) !== undefined;
  const stacks = new TaskStacks({ memory, layout, reader: tasks, codes, encoder, hasRequest });
  const contexts = new TaskContexts(encoder);
  const groups = new TaskGroups();
  const inLabels = () => labels?.contextOf(0) ?? noContext;
  const shared = { contexts, groups, frames: stacks.frames, labels: inLabels };
  const greenlets = makeGreenlets(parts, reader, shared);
  const trio = makeTrio(parts, reader, shared);
  const suspended = new SuspendedTasks({
    ...{ reader: tasks, stacks, codes, encoder, records, process, losses, contexts, groups },
    ...{ time, clock, cpu, others: trio ? [greenlets.suspended, trio] : [greenlets.suspended] },
    labels: inLabels,
    firstLook: firstLookOf(parts),
  });
  // What they did before the first look is not known, and the first tick takes long: its stacks are new.
  if (!parts.namesLater) suspended.look(clock());
  const running = new RunningTasks({
    ...{ memory, layout, reader: tasks, stacks, codes, contexts, groups, cpu },
    ...{ tree: reader.tree, innerStacks: reader.innerStacks, areThere: () => suspended.areThere },
  });
  return { suspended, running, greenlets: greenlets.running, trio };
}

/** What all tasks of a process have in common. */
interface SharedByTasks {
  readonly contexts: TaskContexts;
  readonly groups: TaskGroups;
  readonly frames: TaskFrames;
  /** What they are within. */
  readonly labels: () => number;
}

/** `undefined` where Python has no coroutines whose frames are known. */
function makeTrio(
  parts: ContextsParts,
  { tree, codes, innerStacks }: StackReaderParts,
  shared: SharedByTasks,
): TrioTasks | undefined {
  const { memory, location, encoder, process, clock, losses, shortFileName } = parts;
  const { layout } = location;
  const asyncio = versionOf(layout)?.asyncio;
  if (!asyncio) return undefined;
  return new TrioTasks({
    ...{ memory, layout, tree, codes, innerStacks, encoder, losses, clock, shortFileName, ...shared },
    known: new KnownTrioTasks(memory, layout, asyncio),
    variables: new FrameVariables(memory, layout),
    rows: new TaskRows(encoder, process),
  });
}

function makeGreenlets(parts: ContextsParts, { tree, codes }: StackReaderParts, shared: SharedByTasks) {
  const { memory, location, encoder, process, clock, cpu, losses, shortFileName } = parts;
  const { layout, runtime } = location;
  const known = new KnownGreenlets({ memory, layout, runtime, users: greenletLibraries });
  const rowsOf = new TaskRows(encoder, process);
  const rows = new GreenletRows({ memory, layout, codes, encoder, ...shared, rows: rowsOf, shortFileName });
  const running = new RunningGreenlets({ memory, layout, tree, known, rows, ...shared, shortFileName });
  const suspended = new SuspendedGreenlets({
    known,
    rows,
    running,
    losses,
    clock,
    cpu,
    labels: shared.labels,
  });
  return { suspended, running };
}

/** When it is looked for tasks first, microseconds; 0: before the first tick. */
function firstLookOf({ namesLater, clock }: ContextsParts): number {
  return namesLater ? clock() + firstLookLater : 0;
}

type StackReaderParts = Pick<StackReader, 'tree' | 'codes' | 'innerStacks'>;

interface Tasks {
  readonly suspended: SuspendedTasks;
  readonly running: RunningTasks;
  readonly greenlets: RunningGreenlets;
  readonly trio: TrioTasks | undefined;
}

interface Finders {
  readonly time: LookTime;
  readonly requests?: RequestFinder;
  readonly suspended?: SuspendedRequests;
  readonly tasks?: Tasks | undefined;
}

/**
 * What the threads of a process work for: the request that each has in hand, within the labels that were set; and the
 * steps of their event loops.
 */
export class ThreadContexts {
  readonly #labels: ProcessLabels | undefined;
  readonly #loops: LoopSteps;
  /** To be set once it was looked at what the threads do. */
  readonly moment: LookMoment;
  readonly #time: LookTime;
  readonly #requests: RequestFinder | undefined;
  readonly #suspended: SuspendedRequests | undefined;
  readonly #tasks: Tasks | undefined;
  /** When a thread is to be looked at, even if it has not moved; microseconds. */
  askAt = Number.POSITIVE_INFINITY;
  /** Of the thread that was found last all is known; what is not is to be asked for again with the next sample. */
  isComplete = true;
  /** How many changes of labels the threads know of. */
  #labelChanges = 0;

  constructor(
    labels: ProcessLabels | undefined,
    loops: LoopSteps,
    moment: LookMoment,
    { time, requests, suspended, tasks }: Finders,
  ) {
    this.#labels = labels;
    this.#loops = loops;
    this.moment = moment;
    this.#time = time;
    this.#requests = requests;
    this.#suspended = suspended;
    this.#tasks = tasks;
  }

  /** Gives the threads the labels that hold now; `of`: those that are new, or all after a change. */
  label(threads: readonly SampledThread[], of: 'all' | 'changed'): void {
    const labels = this.#labels;
    if (!labels || (of === 'changed' && labels.changes.count === this.#labelChanges)) return;
    this.#labelChanges = labels.changes.count;
    for (const thread of threads) {
      thread.labels = labels.contextOf(thread.threadId);
      thread.context =
        thread.request && this.#requests
          ? this.#requests.contextWithin(thread.request, thread.labels)
          : thread.labels;
      this.#tasks?.running.label(thread);
    }
  }

  /** Reads at once what would soon be of the next request, of the threads that were read. */
  readFirst(
    threads: readonly SampledThread[],
    isRead: (thread: SampledThread) => boolean,
    copy: Uint32Array,
    copiedAt: number,
  ): void {
    this.#requests?.pools.look(threads, isRead, copy, copiedAt);
  }

  /**
   * Finds the request of a thread whose stack was found. `copy`: as `RequestFinder.contextOf`. True when the plan of
   * the next tick must be made again.
   */
  find(thread: SampledThread, copy: Uint32Array | undefined, now: number): boolean {
    this.#loops.find(thread, copy);
    if (!this.#requests) return this.#loops.changed;
    thread.context = this.#requests.contextOf(thread, copy, thread.labels, now);
    this.#tasks?.running.find(thread, copy, now);
    this.#tasks?.greenlets.find(thread, copy);
    this.#tasks?.trio?.find(thread, copy);
    this.isComplete = !this.#tasks?.running.isMissing;
    this.askAt = Math.min(this.askAt, thread.ask.at);
    return this.#requests.contents.changed || this.#loops.changed;
  }

  /** Until when, microseconds, ticks need not look at threads that stand; until then `rest` is to be called at each. */
  restsUntil(threads: readonly SampledThread[]): number {
    const isResting =
      !this.#tasks &&
      (this.#suspended?.isResting ?? true) &&
      this.#loops.isIdle &&
      threads.every(({ request }) => !request);
    return isResting ? this.askAt : Number.NEGATIVE_INFINITY;
  }

  /** In place of `lookAtTasks`, while it rests. */
  rest(timeMicros: number): void {
    this.#suspended?.rest(timeMicros);
  }

  /** In place of `find`, of a thread that is as it was found. */
  stands({ request }: SampledThread, now: number): void {
    if (request) request.seenAt = now;
  }

  /** Adds what is copied with every tick beside the frames. */
  addTo(plan: ReadPlan): void {
    this.#loops.addTo(plan);
    this.#requests?.contents.addTo(plan);
  }

  /** As `StackReader.drop`. */
  drop(address: number, length: number): boolean {
    return this.#loops.drop(address, length) || (this.#requests?.contents.drop(address, length) ?? false);
  }

  review(timeMicros: number): void {
    this.#requests?.contents.review(timeMicros);
  }

  /**
   * To be called after each tick: looks at loops, and at suspended tasks when that is due. `copy`: absent when making
   * it was held up. `stoodSince`: as `SuspendedTasks.look`.
   */
  lookAtTasks(
    timeMicros: number,
    threads: readonly SampledThread[],
    copy: Uint32Array | undefined,
    stoodSince: number,
  ): void {
    if (copy) this.#loops.look(timeMicros, threads, copy);
    this.#time.tick(timeMicros);
    this.#suspended?.look(timeMicros, threads, (loops) =>
      Math.min(stoodSince, copy ? this.#loops.restSince(loops) : Number.POSITIVE_INFINITY),
    );
    this.#tasks?.suspended.look(timeMicros, stoodSince);
  }

  /** The process ended, or is left. */
  ended(timeMicros: number): void {
    this.#suspended?.ended(timeMicros);
    this.#tasks?.suspended.ended(timeMicros);
  }

  /** No more ticks come. */
  finish(timeMicros: number, threads: readonly SampledThread[]): void {
    this.#loops.finish();
    this.#suspended?.finish(timeMicros, threads);
    this.#tasks?.suspended.finish(timeMicros);
  }
}
