// What it costs to look at the tasks of a loop ten times a second.
import { setTimeout as pause } from 'node:timers/promises';
import { findAsyncioDebug } from '../src/cpython/asyncio/debug-section.js';
import { TaskReader } from '../src/cpython/asyncio/task-reader.js';
import { linuxTarget } from '../src/process/linux-target.js';
import { RecordingEncoder } from '../src/recording/recording-encoder.js';
import { attach } from '../src/sampler/attach.js';
import { CodeTable } from '../src/sampler/code-table.js';
import { LookRecords } from '../src/sampler/look-records.js';
import { SuspendedTasks } from '../src/sampler/tasks/suspended-tasks.js';
import { TaskContexts } from '../src/sampler/tasks/task-contexts.js';
import { TaskGroups } from '../src/sampler/tasks/task-group-name.js';
import { TaskStacks } from '../src/sampler/tasks/task-stacks.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withTarget } from '../tests/support/targets.js';

const programs = new URL('../../benchmarks/programs/', import.meta.url).pathname;
/** Milliseconds between two looks. */
const lookEvery = 100;

export interface TaskCosts {
  /** CPU time of the median look, milliseconds, and of the slowest after the first ten. */
  readonly median: number;
  readonly slowest: number;
  /** Part of a processor, at ten looks a second. */
  readonly part: number;
}

/** `tasks` that each wake once in `longest` seconds at least. */
export function taskCosts(
  python: TestPython,
  { tasks, longest, looks }: { readonly tasks: number; readonly longest: number; readonly looks: number },
): Promise<TaskCosts> {
  return withTarget(
    python,
    `${programs}many_tasks.py`,
    async ({ pid }) => {
      const { live, location } = attach(pid);
      const { memory } = live;
      const { layout, runtime, image } = location;
      const encoder = new RecordingEncoder({ writer: '', startedAt: 0, rate: 1000, title: '' });
      const codes = new CodeTable(
        memory,
        layout,
        encoder,
        (name) => name,
        () => performance.now() * 1000,
      );
      const findDebug = () => findAsyncioDebug(linuxTarget(pid, memory).files(), memory, image);
      const reader = new TaskReader({ memory, layout, runtime, findDebug });
      let now = 0;
      const suspended = new SuspendedTasks({
        records: LookRecords.ofTasks(encoder),
        firstLook: 0,
        ...{ reader, codes, encoder, contexts: new TaskContexts(encoder), groups: new TaskGroups() },
        stacks: new TaskStacks({ memory, layout, reader, codes, encoder, hasRequest: () => false }),
        process: encoder.defineProcess({ pid, parentPid: 0, commandLine: [], pythonVersion: '' }),
        losses: { unreadTasks: 0 },
        labels: () => 0,
        cpu: () => 0,
        clock: () => now,
      });
      const costs: number[] = [];
      for (let look = 1; look <= looks; look++) {
        await pause(lookEvery);
        const before = process.cpuUsage();
        // Each is due, and the types of objects are read anew as often as in a recording.
        now = look * 150_000;
        suspended.look(now);
        const { user, system } = process.cpuUsage(before);
        costs.push((user + system) / 1000);
        while (encoder.takeBlock());
      }
      live.close();
      const later = costs.slice(Math.min(10, looks >> 1)).sort((a, b) => a - b);
      const median = later[later.length >> 1]!;
      return { median, slowest: later.at(-1)!, part: median / lookEvery };
    },
    { args: [String(tasks), String(longest)] },
  );
}
