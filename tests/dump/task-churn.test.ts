import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { TaskReader, type TaskReading } from '../../src/cpython/asyncio/task-reader.js';
import { readCode } from '../../src/cpython/code-reader.js';
import { linuxTarget } from '../../src/process/linux-target.js';
import { attach } from '../../src/sampler/attach.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

/** Readings, and so many more as a busy machine needs until the program has done something. */
const readings = 300;
const longest = 30_000;
/** A stack that the program has, innermost first. */
const possible =
  /^(?:(?:sleep0 )?sleep inner_(\d+) outer_\1|inner_(\d+) outer_\2|outer_\d+|lives|(?:sleep )?waits|main|)$/;

/** One reading, in pieces between which the program goes on and single tasks are read, as in a recording. */
async function inSteps(reader: TaskReader): Promise<TaskReading> {
  const steps = reader.reading({ together: 8 });
  const known = reader.read().tasks.map(({ address }) => address);
  for (let step = 0; ; step++) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
    reader.current(known[step % known.length]!);
  }
}

const reads = (python: TestPython) =>
  withTarget(python, programFile('task_churn.py'), async ({ pid }) => {
    const { live, location } = attach(pid);
    try {
      const { memory } = live;
      const { layout, runtime, image } = location;
      const findDebug = () => findAsyncioDebug(linuxTarget(pid, memory).files(), memory, image);
      const reader = new TaskReader({ memory, layout, runtime, findDebug });
      // No code of this program is dropped.
      const names = new Map<number, string>();
      const nameOf = (code: number) => {
        const name = names.get(code) ?? readCode(memory, layout, code)?.name ?? '?';
        names.set(code, name);
        return name;
      };
      const seen = new Set<string>();
      const deadline = Date.now() + longest;
      for (let reading = 0; reading < readings || (seen.size <= 10 && Date.now() < deadline); reading++) {
        if (reading % 50 === 49) reader.renew();
        const { tasks } = await (reading % 3 === 0 ? inSteps(reader) : reader.read());
        const stacks = tasks.map(({ frames }) =>
          frames.map(({ code }) => nameOf(code).replace(/^_+/, '')).join(' '),
        );
        for (const [index, stack] of stacks.entries()) {
          assert.match(stack, possible);
          // From its first step on it has its name.
          const pair = /outer_(\d+)$/.exec(stack)?.[1];
          const { name, state } = tasks[index]!;
          if (pair !== undefined && state !== 'new') assert.equal(name, `pair ${pair}`);
          seen.add(stack);
        }
        const waiting = stacks.filter((stack) => stack === 'sleep waits');
        assert.equal(waiting.length, 20, 'those that stay are always there');
      }
      assert.ok(seen.size > 10, [...seen].join('\n'));
    } finally {
      live.close();
    }
  });

eachPython('no task of thousands a second has a frame of another', reads, {
  since: 8,
  what: 'tasks that are read',
});
eachFreeThreadedPython('no task of thousands a second has a frame of another', reads);
