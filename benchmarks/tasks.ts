// What it costs to look at the tasks of a loop ten times a second.
import { setTimeout as pause } from 'node:timers/promises';
import { findAsyncioDebug } from '../src/cpython/asyncio/debug-section.js';
import { TaskReader } from '../src/cpython/asyncio/task-reader.js';
import { linuxTarget } from '../src/process/linux-target.js';
import { threadCpuTime } from '../src/process/thread-cpu-time.js';
import { RecordingEncoder } from '../src/recording/recording-encoder.js';
import { attach } from '../src/sampler/attach.js';
import { CodeTable } from '../src/sampler/code-table.js';
import { LookRecords } from '../src/sampler/look-records.js';
import { LookTime } from '../src/sampler/look-turns.js';
import { SuspendedTasks } from '../src/sampler/tasks/suspended-tasks.js';
import { TaskContexts } from '../src/sampler/tasks/task-contexts.js';
import { TaskGroups } from '../src/sampler/tasks/task-group-name.js';
import { TaskStacks } from '../src/sampler/tasks/task-stacks.js';
import type { TestPython } from '../tests/support/pythons.js';
import { withTarget } from '../tests/support/targets.js';

const programs = new URL('../../benchmarks/programs/', import.meta.url).pathname;
/** Milliseconds between two looks. */
const lookEvery = 100;
/** Milliseconds between two ticks, in between of which a look goes on. */
const tickEvery = 1;

export interface TaskCosts {
  /** CPU time of the median look, milliseconds, and of the slowest after the first ten. */
  readonly median: number;
  readonly slowest: number;
  /** Part of a processor, at ten looks a second. */
  readonly part: number;
  /** Between so many ticks a look is made, the median. */
  readonly turns: number;
  /** CPU time of the longest of these turns, milliseconds, the median. */
  readonly longestTurn: number;
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
      const clock = () => performance.now() * 1000;
      const codes = new CodeTable(memory, layout, encoder, (name) => name, clock);
      const findDebug = () => findAsyncioDebug(linuxTarget(pid, memory).files(), memory, image);
      const reader = new TaskReader({ memory, layout, runtime, findDebug });
      const time = new LookTime();
      let begun = 0;
      const suspended = new SuspendedTasks({
        records: LookRecords.ofTasks(encoder),
        firstLook: 0,
        reader: {
          reading: (options) => {
            begun++;
            return reader.reading(options);
          },
          readOne: (address) => reader.readOne(address),
          renew: () => reader.renew(),
          unchanged: (of) => reader.unchanged(of),
        },
        ...{ codes, encoder, contexts: new TaskContexts(encoder), groups: new TaskGroups() },
        stacks: new TaskStacks({ memory, layout, reader, codes, encoder, hasRequest: () => false }),
        process: encoder.defineProcess({ pid, parentPid: 0, commandLine: [], pythonVersion: '' }),
        losses: { unreadTasks: 0 },
        labels: () => 0,
        cpu: () => threadCpuTime() * 1000,
        ...{ clock, time },
      });
      const costs: number[] = [];
      const longestTurns: number[] = [];
      const turns: number[] = [];
      let [cost, longestTurn, count] = [0, 0, 0];
      while (costs.length < looks) {
        await pause(tickEvery);
        const isOn = suspended.isLooking;
        const before = process.cpuUsage();
        time.tick(clock());
        suspended.look(clock());
        const { user, system } = process.cpuUsage(before);
        if (!isOn && begun === costs.length) continue;
        cost += (user + system) / 1000;
        longestTurn = Math.max(longestTurn, (user + system) / 1000);
        count++;
        if (suspended.isLooking) continue;
        costs.push(cost);
        longestTurns.push(longestTurn);
        turns.push(count);
        [cost, longestTurn, count] = [0, 0, 0];
        while (encoder.takeBlock());
      }
      live.close();
      const later = (of: readonly number[]) => of.slice(Math.min(10, looks >> 1)).sort((a, b) => a - b);
      const middle = (of: readonly number[]) => later(of)[later(of).length >> 1]!;
      return {
        ...{ median: middle(costs), slowest: later(costs).at(-1)!, part: middle(costs) / lookEvery },
        ...{ turns: middle(turns), longestTurn: middle(longestTurns) },
      };
    },
    { args: [String(tasks), String(longest)] },
  );
}
