import assert from 'node:assert/strict';
import { withPackages } from '../support/packages.js';
import { eachPython, type TestPython } from '../support/pythons.js';
import { timesAreTrue, total } from '../support/recorded-tasks.js';

const kinds = ['computes', 'sleeps', 'takes', 'waits_for'];

const check = (python: TestPython) =>
  timesAreTrue(
    python,
    'trio_times.py',
    { kinds, args: ['2'], env: withPackages(python, ['trio']).env },
    async ({ raw, whole }) => {
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
      for (const { names } of waiting) assert.ok(!names.includes('_nested_child_finished'), names.join(';'));
    },
  );

eachPython('the time of tasks of trio is what the program measures itself', check, {
  since: 8,
  what: 'trio that is tried',
});
