import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { buildCallTree } from './call-tree.js';
import { type FunctionTable, functionTable, lineTable } from './function-table.js';
import { defaultView } from './view-options.js';

const drawn = ({ rows }: FunctionTable) =>
  rows.map((entry) => `${entry.label} ${entry.selfTime / 1e3}/${entry.totalTime / 1e3}`);

const functions = {
  view: { file: '/app/app.py' },
  render: { file: '/venv/lib/python3.11/site-packages/jinja2/environment.py' },
  sleep: { kind: 'c' as const, name: 'sleep', qualifiedName: 'time.sleep' },
};
const profile = profileFromText('view:3 view:4 view:3 render | render sleep helper .', { functions });

test('lines are distinguished, functions are not', () => {
  assert.deepEqual(drawn(lineTable(profile, defaultView, 99)), [
    'render (jinja2/environment.py:1) 20/20',
    'time.sleep 10/10',
    'helper (app.py:1) 10/10',
    'view (app.py:3) 0/20',
    'view (app.py:4) 0/10',
  ]);
  assert.deepEqual(drawn(functionTable(profile, { ...defaultView, lines: 'none' }, 2)), [
    'render (jinja2/environment.py) 20/20',
    'time.sleep 10/10',
  ]);
});

test('of application code alone, what it calls is its self time', () => {
  const view = { ...defaultView, lines: 'none' as const, applicationOnly: true };
  const times = functionTable(profile, view, 99);
  assert.deepEqual(drawn(times), ['view (app.py) 20/30', 'helper (app.py) 10/10']);
  assert.equal(times.totalTime, 40_000, 'time without application code on the stack is part of the whole');
  const tree = buildCallTree(profile, view);
  assert.deepEqual(
    tree.nodes.map((node) => [node.label, node.selfTime, node.totalTime]),
    [
      ['view (app.py)', 20_000, 30_000],
      ['helper (app.py)', 10_000, 10_000],
    ],
  );
  assert.equal(tree.root.totalTime, 40_000);
});

test('waiting counts for the innermost frame', () => {
  const waits = profileFromText('a a a | b b .', { states: { MainThread: 'WRW' } });
  const waiting = functionTable(waits, defaultView, 99).rows.map((entry) => [
    entry.label,
    entry.waitingTime,
    entry.selfTime,
  ]);
  assert.deepEqual(waiting, [
    ['b (app.py:1)', 10_000, 20_000],
    ['a (app.py:1)', 10_000, 10_000],
  ]);
});
