import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunFlag } from '../model/profile.js';
import { leafOf, type Mark, markOf, markOfLeaf, markOrWaitingOf, marks, stackOfLeaf } from './run-states.js';

const { running, waiting, waitsForGil, collecting, holdsGil } = RunFlag;

test('the innermost frame of each state', () => {
  const name = (mark: Mark) => marks[mark] ?? '';
  const cases: [number, string, string][] = [
    [0, '', ''],
    [running | holdsGil, '', ''],
    [waiting, '', '<waiting>'],
    [waiting | waitsForGil, '<waiting for GIL>', '<waiting for GIL>'],
    [running | waitsForGil, '<waiting for GIL>', '<waiting for GIL>'],
    [running | collecting, '<gc>', '<gc>'],
    [waiting | waitsForGil | collecting, '<gc>', '<gc>'],
  ];
  for (const [flags, mark, orWaiting] of cases) {
    assert.equal(name(markOf(flags, 'wall')), mark);
    assert.equal(name(markOrWaitingOf(flags, 'wall')), orWaiting);
  }
  assert.equal(name(markOrWaitingOf(waiting | waitsForGil, 'cpu')), '', 'time on a CPU did not wait');
  assert.equal(
    name(markOrWaitingOf(waiting | waitsForGil, 'gil-wait')),
    '',
    'all of that mode waits for the GIL',
  );
  assert.equal(name(markOf(running | collecting, 'cpu')), '<gc>');
});

test('a leaf is its stack and its mark', () => {
  for (const stack of [0, 1, 7, 2 ** 31 - 1]) {
    for (const mark of [-1, 0, 1, 2] as const) {
      const leaf = leafOf(stack, mark);
      assert.deepEqual([stackOfLeaf(leaf), markOfLeaf(leaf)], [stack, mark]);
    }
  }
});
