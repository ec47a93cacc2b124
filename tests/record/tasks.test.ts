import assert from 'node:assert/strict';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { recordedWithTasks, timesAreTrue, total } from '../support/recorded-tasks.js';
import type { RawStack } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const needs = { since: 8, what: 'asyncio of which tasks are read' };

const kinds = ['awaits_future', 'computes', 'locks', 'sleeps', 'takes'];

const check = (python: TestPython) =>
  timesAreTrue(python, 'task_times.py', { kinds, args: ['2'] }, async ({ raw, stacks, whole }) => {
    const below = stacks.filter(({ names }) => names[0] === 'main');
    assert.ok(total(below) > 0.95 * whole, 'they stand below the task that gathers them');
    const byTask = await raw('--label', 'task');
    const handlers = byTask.filter(({ frames }) => frames[0] === 'task: handler-#');
    assert.ok(total(handlers) > 0.95 * whole, 'tasks are known by their names without numbers');
  });

const title = 'the time of coroutines is what the program measures itself';
eachPython(title, check, needs);
eachFreeThreadedPython(title, check);

/** Stacks of a view, as names. */
const namesIn = (stacks: readonly RawStack[]) => [
  ...new Set(stacks.map(({ names }) => names.map(withoutClass).join(';'))),
];

/** Up to 3.10 functions have no qualified names. */
function withoutClass(name: string): string {
  return name.startsWith('<') ? name : name.slice(name.lastIndexOf('.') + 1);
}

/** Innermost frames of asyncio differ by version. */
const expected = (minor: number): readonly string[] => [
  'gathers;leaf_of_gather;sleep',
  // From 3.12 it is no task.
  minor >= 12 ? 'waits_for;wait_for;leaf_of_wait_for;sleep' : 'waits_for;leaf_of_wait_for;sleep',
  'waits;leaf_of_wait;sleep',
  'awaits_task;inner_of_task;leaf_of_task;sleep',
  'of_future;<waiting for a future>',
  'in_thread;<waiting for a thread>',
  'client;asks;get',
  'hostile;sleep',
  // Of tasks that wait for each other nothing else counts.
  'one_of_two;other_of_two;one_of_two;<waiting for a task>',
  'other_of_two;one_of_two;other_of_two;<waiting for a task>',
  ...(minor >= 11 ? ['groups;leaf_of_group;sleep'] : []),
];

const callersAreThere = (python: TestPython) =>
  withTarget(python, programFile('task_callers.py'), async (target) => {
    // What is suspended at the end counts as well.
    const nothing = async () => {};
    await recordedWithTasks(target, nothing, async (raw) => {
      const shown = namesIn(await raw());
      for (const stack of expected(python.minor)) assert.ok(shown.includes(stack), `${stack}: ${shown}`);
      // Each of them waits, and a task that waits for others has their time and none besides.
      const ofTests = shown.filter((stack) => !/^(?:<module>|_bootstrap);/.test(stack));
      assert.deepEqual(
        ofTests.filter((stack) => !expected(python.minor).includes(stack)),
        ['main;sleep'],
      );
      const idle = namesIn(await raw('-i'));
      assert.ok(idle.includes('worker;get;<waiting for work>'), String(idle));
      const tasks = new Set((await raw('-i', '--label', 'task')).map(({ frames }) => frames[0]));
      assert.ok(tasks.has('task: worker-#'), [...tasks].join());
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
      assert.doesNotMatch([...tasks].join(), /[\u0000-\u001f\u202e]/);
    });
  });

eachPython('tasks stand below those that wait for them', callersAreThere, needs);
eachFreeThreadedPython('tasks stand below those that wait for them', callersAreThere);
