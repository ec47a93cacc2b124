import assert from 'node:assert/strict';
import { readRecording } from '../../src/disk/read-recording.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { parseRaw, type RawStack, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

const needs = { since: 8, what: 'asyncio of which tasks are read' };

/** Records with --tasks while `act` goes on; the stacks of the recording as a view shows them. */
async function recorded(
  target: Target,
  act: () => Promise<void>,
  look: (raw: (...flags: string[]) => Promise<RawStack[]>) => Promise<void>,
  untilReady: (file: string) => Promise<void> = async () => {},
): Promise<void> {
  await withFolder(async (folder) => {
    const file = `${folder}/run.pyglass`;
    const recording = new Pyglass(['record', '--tasks', '-p', String(target.pid), '-o', file]);
    try {
      await recording.said(/Recording/);
      await untilReady(file);
      await act();
      recording.child.kill('SIGINT');
      assert.equal((await recording.outcome()).status, 0);
    } finally {
      await recording.stop();
    }
    await look(async (...flags) => {
      const { status, stdout, stderr } = await pyglass('report', file, '-f', 'raw', '-o', '-', ...flags);
      assert.equal(status, 0, stderr);
      return parseRaw(stdout);
    });
  });
}

/**
 * On a busy machine seconds pass from the first look at tasks to the second, and of what began and ended between them
 * nothing is known.
 */
async function untilTasksAreLookedAt(file: string): Promise<void> {
  for (;;) {
    await untilGrown(file);
    const { threads, runs } = readRecording(file);
    // Its time is written at the second look.
    for (let run = 0; run < runs.stack.length; run++)
      if (threads[runs.thread.at(run)]!.isTask && runs.duration.at(run) > 0) return;
  }
}

const kinds = ['sleeps', 'locks', 'takes', 'awaits_future', 'computes'];

const timesAreTrue = (python: TestPython) =>
  withTarget(
    python,
    programFile('task_times.py'),
    async (target) => {
      let seconds: Record<string, number> = {};
      const act = async () => {
        target.say('go');
        seconds = JSON.parse(await target.line());
      };
      await recorded(
        target,
        act,
        async (raw) => {
          const stacks = await raw('-F');
          const ofKind = (kind: string) => stacks.filter(({ names }) => names.some(isFunction(kind)));
          const times = kinds.map((kind) => total(ofKind(kind)));
          const whole = times.reduce((sum, time) => sum + time, 0);
          const truth = kinds.reduce((sum, kind) => sum + seconds[kind]!, 0);
          for (const [at, kind] of kinds.entries()) {
            const [share, trueShare] = [times[at]! / whole, seconds[kind]! / truth];
            assert.ok(Math.abs(share - trueShare) < 0.02, `${kind}: ${share} of ${trueShare}`);
            for (const { names } of ofKind(kind)) {
              const others = kinds.filter((other) => other !== kind && names.some(isFunction(other)));
              assert.deepEqual(others, [], names.join(';'));
            }
          }
          const below = stacks.filter(({ names }) => names[0] === 'main');
          assert.ok(total(below) > 0.95 * whole, 'they stand below the task that gathers them');
          const byTask = await raw('--label', 'task');
          const handlers = byTask.filter(({ frames }) => frames[0] === 'task: handler-#');
          assert.ok(total(handlers) > 0.95 * whole, 'tasks are known by their names without numbers');
        },
        untilTasksAreLookedAt,
      );
    },
    { args: ['2'] },
  );

function isFunction(name: string) {
  return (frame: string) => frame === name || frame.endsWith(`.${name}`);
}

function total(stacks: readonly RawStack[]): number {
  return stacks.reduce((sum, { count }) => sum + count, 0);
}

const title = 'the time of coroutines is what the program measures itself';
eachPython(title, timesAreTrue, needs);
eachFreeThreadedPython(title, timesAreTrue);

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
    await recorded(target, nothing, async (raw) => {
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
