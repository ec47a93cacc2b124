import assert from 'node:assert/strict';
import { withPackages } from '../support/packages.js';
import { eachPython, type TestPython } from '../support/pythons.js';
import { checkShares, recordedWithTasks, total, untilTasksAreLookedAt } from '../support/recorded-tasks.js';
import { programFile, withTarget } from '../support/targets.js';

const kinds = ['computes', 'sleeps', 'takes', 'waits_for'];

const timesAreTrue = (python: TestPython) =>
  withTarget(
    python,
    programFile('trio_times.py'),
    async (target) => {
      let seconds: Record<string, number> = {};
      const act = async () => {
        target.say('go');
        seconds = JSON.parse(await target.line());
      };
      await recordedWithTasks(
        target,
        act,
        async (raw) => {
          assert.deepEqual(Object.keys(seconds).sort(), kinds);
          const whole = checkShares(await raw('-F'), seconds);
          const byTask = await raw('-i', '--label', 'task');
          const handlers = byTask.filter(({ names }) => names.some((name) => kinds.includes(name)));
          const named = handlers.filter(({ frames }) => frames[0] === 'task: handler-#');
          assert.ok(total(named) > 0.95 * whole, `${total(named)} of ${whole}`);
          const running = named.filter(({ names }) => names.includes('spin'));
          assert.ok(total(running) > 0, 'what runs is known as well');
          // What runs and what waits is one frame: those of the loop are left out.
          for (const { names } of named) assert.equal(names[1], 'begins', names.join(';'));
          // What waits for a nursery has no time besides that of its tasks, nor has what is trio's own.
          const waiting = byTask.filter(({ names }) => names.some((name) => name.endsWith('async_yield')));
          const tasks = new Set(waiting.map(({ frames }) => frames[0]));
          assert.ok(tasks.has('task: __main__.waits'), [...tasks].join());
          assert.ok(!tasks.has('task: <init>'));
          for (const { names } of waiting)
            assert.ok(!names.includes('_nested_child_finished'), names.join(';'));
        },
        untilTasksAreLookedAt,
      );
    },
    { args: ['2'], env: withPackages(python, ['trio']).env },
  );

eachPython('the time of tasks of trio is what the program measures itself', timesAreTrue, {
  since: 8,
  what: 'trio that is tried',
});
