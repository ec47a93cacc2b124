import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { routeContext } from '../model/context.js';
import type { Profile } from '../model/profile.js';
import { buildCallTree } from './call-tree.js';
import { contention } from './diff/contention.js';
import { isIdle } from './idle.js';
import { summarize } from './summary.js';
import { taskSentence, threadCount, threadsText } from './task-rows.js';
import { unknownCpu } from './unknown-cpu.js';
import { defaultView, type ViewOptions } from './view-options.js';

/** A thread that computes for 20 ms, and three tasks that wait meanwhile. */
function withTasks(functions = {}): Profile {
  const profile = profileFromText(
    {
      main: 'main main | work work',
      'handler-#': 'main main | sleep sleep',
      'second handler-#': 'main main | sleep sleep',
      other: 'main main | sleep sleep',
    },
    { functions, states: { 'handler-#': 'WW', 'second handler-#': 'WW', other: 'WW' } },
  );
  for (const thread of [1, 2, 3])
    profile.threads[thread] = {
      ...{ process: 0, threadId: 0, interpreter: 0, isTask: true },
      name: thread === 3 ? 'other' : 'handler-#',
    };
  return profile;
}

const rootsOf = (profile: Profile, view: Partial<ViewOptions>) =>
  buildCallTree(profile, { ...defaultView, ...view })
    .root.children.map(({ label, totalTime }) => [label, totalTime / 1000] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

test('tasks are no threads, and those of one name are shown as one', () => {
  const profile = withTasks();
  assert.equal(threadCount(profile), 1);
  assert.equal(threadsText(profile), '1 thread and its tasks');
  assert.deepEqual(rootsOf(profile, { threads: true, lines: 'none' }), [
    ['task handler-#', 40],
    ['task other', 20],
    ['thread (100): main', 20],
  ]);
  assert.equal(threadsText(profileFromText({ a: 'f', b: 'f' })), '2 threads');
});

test('the time of tasks counts by itself, and the summary says so', () => {
  const profile = withTasks();
  assert.deepEqual(rootsOf(profile, { lines: 'none' }), [['main (app.py)', 80]]);
  assert.match(taskSentence(profile, defaultView)!, /^Suspended tasks: 60.0 ms of 80.0 ms shown\. .*50 s\.$/);
  assert.equal(taskSentence(profileFromText('main'), defaultView), undefined);
});

test('what tasks say of times and states is not taken for what threads say', () => {
  const profile = withTasks();
  const { thread, samples } = profile.runs;
  for (let run = 0; run < thread.length; run++)
    if (profile.threads[thread.at(run)]!.isTask) samples.values[run] = 0;
  assert.equal(contention(profile), 0, 'they are looked at seldom, which is no lost tick');
  assert.equal(unknownCpu(profile).of, 1);
  const waits = summarize(profile, defaultView).waits.map(({ time, longest }) => [time, longest]);
  assert.deepEqual(waits, [[60_000, 0]], 'a row has one task after another, so no stretch is known');
});

test('views about requests have suspended requests from elsewhere, and no rows of tasks', () => {
  const profile = withTasks();
  const label = { key: routeContext };
  assert.deepEqual(rootsOf(profile, { label }), [['no request', 20]]);
});

test('a task that waits for work is idle, and one that waits for something in a function may be', () => {
  const names = { sleep: { kind: 'synthetic', name: '<waiting for work>' } } as const;
  assert.deepEqual(rootsOf(withTasks(names), { lines: 'none' }), [['main (app.py)', 20]]);
  assert.deepEqual(rootsOf(withTasks(names), { idle: true, lines: 'none' }), [['main (app.py)', 80]]);
  const profile = withTasks({ sleep: { kind: 'synthetic', name: '<waiting for a future>' } });
  assert.equal(isIdle(profile, profile.runs.stack.at(1), [], 'tasks'), false);
});
