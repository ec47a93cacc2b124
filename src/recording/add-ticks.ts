import { noContext } from '../model/context.js';
import { damaged } from './payload-cursor.js';
import type { RunBuilder } from './run-builder.js';
import type { TickBatch } from './tick-batch.js';

/** What the rows of ticks are about: threads, or slots of suspended tasks. By id; then by index. */
export interface Members {
  /** -1 when it is not known. */
  readonly find: (id: number) => number;
  /** Makes one of an id that is not known. */
  readonly lost: (id: number, process: number) => number;
  readonly processOf: (member: number) => number;
}

/** Indexes into the profile of what the file numbers by ids. */
interface Indexes {
  readonly process: (id: number) => number;
  readonly stack: (id: number) => number;
  readonly context: (id: number) => number;
}

/** Adds the ticks of a batch to the runs. Throws where a row is of another process than its tick. */
export function addTicks(batch: TickBatch, runs: RunBuilder, members: Members, indexes: Indexes): void {
  const base = Math.max(batch.base, runs.lastTime);
  const processes = Array.from(batch.processes, indexes.process);
  const stacks = Array.from(batch.stacks, indexes.stack);
  const contexts = Array.from(batch.contexts, indexes.context);
  const threads = Array.from(batch.threads, members.find);
  runs.beginBatch();
  for (const [place, process] of processes.entries()) {
    const age = batch.ages[place]!;
    runs.beginProcess(process, age === 0 ? Number.NaN : Math.max(0, base - (age - 1)));
  }
  for (let tick = 0, row = 0, time = base; tick < batch.tickCount; tick++) {
    const process = processes[batch.tickProcess?.[tick] ?? 0]!;
    time += batch.tickDelta[tick]!;
    runs.beginTick(process, time);
    for (; row < batch.rowCount && batch.rowTick[row] === tick; row++) {
      const place = batch.rowThread?.[row] ?? 0;
      if (threads[place] === -1) threads[place] = members.lost(batch.threads[place]!, process);
      const thread = threads[place]!;
      if (members.processOf(thread) !== process) throw damaged('a thread of another process');
      const stack = batch.rowStack[row]!;
      const context = contexts[batch.rowContext?.[row] ?? 0] ?? noContext;
      runs.change(thread, stack === 0 ? -1 : stacks[stack - 1]!, batch.rowFlags[row]!, context);
    }
    runs.endTick();
  }
}
