import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { buildCallTree, type CallTree } from '../call-tree.js';
import { functionTable, lineTable } from '../function-table.js';
import { defaultView, modes } from '../view-options.js';
import { FoldedRuns } from './folded-runs.js';

const profile = profileFromText(
  {
    MainThread: 'main:5 main:6 main:5 main:7 main:6 | work wait work work:2 wait | . . leaf . .',
    other: 'main:5 main:5 . main:5 | work work . wait',
  },
  { gil: { MainThread: '10100', other: '0001' }, states: { MainThread: 'RWrRW', other: 'GG.W' } },
);

/** All that a tree says, the root first. */
const numbersOf = ({ root, nodes }: CallTree) =>
  [root, ...nodes].map((node) => [
    ...[node.label, node.function, node.category, node.children.map(({ label }) => label)],
    ...[node.totalTime, node.totalWaiting, node.totalCpu, node.samples],
    ...[node.selfTime, node.selfWaiting, node.selfCpu, node.selfSamples],
  ]);

test('folded runs say what the runs say, in every mode', () => {
  const folded = new FoldedRuns(profile);
  folded.add(profile.runs);
  assert.ok(folded.runs.stack.length < profile.runs.stack.length);
  for (const mode of modes) {
    for (const applicationOnly of [false, true]) {
      const view = { ...defaultView, mode, applicationOnly };
      assert.deepEqual(functionTable(profile, view, 99, folded.runs), functionTable(profile, view, 99));
      assert.deepEqual(lineTable(profile, view, 99, folded.runs), lineTable(profile, view, 99));
      assert.deepEqual(
        numbersOf(buildCallTree(profile, view, folded.runs)),
        numbersOf(buildCallTree(profile, view)),
      );
    }
  }
});

test('adding the same runs again adds time and no rows', () => {
  const folded = new FoldedRuns(profile);
  folded.add(profile.runs);
  const rows = folded.runs.stack.length;
  const once = functionTable(profile, defaultView, 99, folded.runs).totalTime;
  for (let again = 1; again < 100; again++) folded.add(profile.runs);
  assert.equal(folded.runs.stack.length, rows);
  assert.equal(functionTable(profile, defaultView, 99, folded.runs).totalTime, 100 * once);
});

test('a copy does not change, and clearing empties', () => {
  const folded = new FoldedRuns(profile);
  folded.add(profile.runs);
  const copy = folded.copy();
  const before = functionTable(profile, defaultView, 99, copy.runs);
  folded.add(profile.runs);
  assert.deepEqual(functionTable(profile, defaultView, 99, copy.runs), before);
  folded.clear();
  assert.equal(functionTable(profile, defaultView, 99, folded.runs).totalTime, 0);
  folded.add(profile.runs);
  assert.deepEqual(functionTable(profile, defaultView, 99, folded.runs), before);
});

test('values of one label stay apart, other contexts do not', () => {
  const labelled = profileFromText('f f f f', { jobs: { MainThread: 'aba.' } });
  const { contexts, runs } = labelled;
  // The same job, within something else.
  runs.context.set(2, contexts.push({ kind: 'task', values: { name: 't' }, outer: 1 }) - 1);
  const rowsOf = (label?: string) => {
    const folded = new FoldedRuns(labelled, label);
    for (let time = 0; time < 3; time++) folded.add(runs);
    return folded.copy().runs.stack.length;
  };
  assert.deepEqual([rowsOf(), rowsOf('job'), rowsOf('name')], [1, 3, 2]);
  const view = { ...defaultView, label: { key: 'job' } };
  const folded = new FoldedRuns(labelled, 'job');
  folded.add(runs);
  assert.deepEqual(
    numbersOf(buildCallTree(labelled, view, folded.runs)),
    numbersOf(buildCallTree(labelled, view)),
  );
});

test('waits that are told apart are one row', () => {
  const naps = profileFromText('f f f | sleep sleep sleep', { states: { MainThread: 'WwW' } });
  const folded = new FoldedRuns(naps);
  folded.add(naps.runs);
  assert.deepEqual([...folded.runs.samples.values].slice(0, folded.runs.samples.length), [3]);
});
