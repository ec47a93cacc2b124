import type { Runs } from '../model/profile.js';

const none = -1;

interface ProcessTicks {
  /** Ticks so far; runs count their samples by it. */
  count: number;
  /** Time of the last tick; NaN before the first. */
  last: number;
  batch: number;
  /** Threads with an open run. */
  readonly open: Set<number>;
}

/** What a thread shows in a tick. */
interface Shown {
  readonly thread: number;
  readonly stack: number;
  readonly flags: number;
  readonly context: number;
}

interface OpenRun {
  readonly process: ProcessTicks;
  readonly shown: Shown;
}

/**
 * Makes the runs of a profile from ticks in which only changes are told. A run gets its row when it begins; how long
 * it is stands there once it has ended, or after `update`.
 *
 * All numbers are indexes into the profile, already checked; threads may be slots of suspended tasks.
 */
export class RunBuilder {
  /** Time of the last tick of any process. */
  lastTime = 0;
  readonly #runs: Runs;
  readonly #processes: ProcessTicks[] = [];
  readonly #threads: { row: number; ticksBefore: number; batch: number; changed: number }[] = [];
  #batch = 0;
  #begun: ProcessTicks | undefined;
  #isFirstInBatch = false;

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  beginBatch(): void {
    this.#batch++;
  }

  /** `previous` is the time of the tick of `process` before this batch, NaN when there was none. */
  beginProcess(process: number, previous: number): void {
    const state = this.#process(process);
    // Another time than the one we know of: a batch between was lost, and with it what the threads did.
    if (state.last !== previous) {
      for (const thread of state.open) this.#close(thread, state);
      if (!(previous < state.last)) state.last = previous;
    }
  }

  beginTick(process: number, time: number): void {
    const state = this.#process(process);
    this.#begun = state;
    this.#isFirstInBatch = state.batch !== this.#batch;
    state.batch = this.#batch;
    this.lastTime = time;
    if (Number.isNaN(state.last)) state.last = time;
  }

  /** From this tick on `thread` shows `stack`; -1 when it is absent. */
  change(thread: number, stack: number, flags: number, context: number): void {
    const process = this.#begun!;
    const state = this.#thread(thread);
    if (state.changed === process.count) return;
    state.changed = process.count;
    state.batch = this.#batch;
    const runs = this.#runs;
    const { row } = state;
    if (row !== none) {
      const isSame = runs.stack.at(row) === stack && runs.flags.at(row) === flags;
      if (isSame && runs.context.at(row) === context) return;
      this.#close(thread, process);
    }
    if (stack >= 0) this.#open(process, { thread, stack, flags, context });
  }

  endTick(): void {
    const process = this.#begun!;
    // The first tick of a process in a batch lists all its threads; who is not listed is absent.
    if (this.#isFirstInBatch) {
      for (const thread of process.open) {
        if (this.#thread(thread).batch !== this.#batch) this.#close(thread, process);
      }
    }
    process.count++;
    process.last = this.lastTime;
  }

  /** `of`: its process. */
  endThread(thread: number, of: number): void {
    const process = this.#process(of);
    if (process.open.has(thread)) this.#close(thread, process);
  }

  /** Brings the rows of open runs up to the last tick. */
  update(): void {
    for (const process of this.#processes) {
      for (const thread of process.open) this.#measure(thread, process);
    }
  }

  /** What goes on now. */
  get open(): readonly OpenRun[] {
    const runs = this.#runs;
    const open: OpenRun[] = [];
    for (const process of this.#processes) {
      for (const thread of process.open) {
        const { row } = this.#thread(thread);
        const [stack, flags, context] = [runs.stack.at(row), runs.flags.at(row), runs.context.at(row)];
        open.push({ process, shown: { thread, stack, flags, context } });
      }
    }
    return open;
  }

  /** Rows were dropped: what goes on begins anew at the last tick. */
  reopen(open: readonly OpenRun[]): void {
    for (const { process, shown } of open) this.#open(process, shown);
  }

  #open(process: ProcessTicks, { thread, stack, flags, context }: Shown): void {
    const runs = this.#runs;
    const state = this.#thread(thread);
    state.row = runs.thread.length;
    state.ticksBefore = process.count;
    process.open.add(thread);
    runs.thread.push(thread);
    runs.stack.push(stack);
    runs.flags.push(flags);
    runs.context.push(context);
    runs.start.push(process.last);
    runs.duration.push(0);
    runs.samples.push(0);
  }

  #close(thread: number, process: ProcessTicks): void {
    this.#measure(thread, process);
    this.#thread(thread).row = none;
    process.open.delete(thread);
  }

  #measure(thread: number, process: ProcessTicks): void {
    const runs = this.#runs;
    const { row, ticksBefore } = this.#thread(thread);
    runs.duration.set(row, process.last - runs.start.at(row));
    runs.samples.set(row, process.count - ticksBefore);
  }

  #process(index: number): ProcessTicks {
    while (this.#processes.length <= index) {
      this.#processes.push({ count: 0, last: Number.NaN, batch: 0, open: new Set() });
    }
    return this.#processes[index]!;
  }

  #thread(index: number) {
    while (this.#threads.length <= index) {
      this.#threads.push({ row: none, ticksBefore: 0, batch: 0, changed: none });
    }
    return this.#threads[index]!;
  }
}

/**
 * Drops all rows of runs, which these make; runs that go on begin anew at the last tick of each. For who looks only at
 * what happens now.
 */
export function forgetRuns(runs: Runs, builders: readonly RunBuilder[]): void {
  const open = builders.map((builder) => builder.open);
  for (const column of Object.values(runs)) column.length = 0;
  for (const [at, builder] of builders.entries()) builder.reopen(open[at]!);
}
