import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuShareOf, cpuShareShift, mostCpuShare, RunFlag } from '../model/profile.js';
import {
  type LeafState,
  leafOf,
  leafStateOf,
  leafStateOfLeaf,
  leafStateOrWaitingOf,
  leafStates,
  stackOfLeaf,
} from './run-states.js';

const { running, waiting, waitsForGil, collecting, holdsGil } = RunFlag;

test('that a thread woke is no CPU time', () => {
  assert.equal(cpuShareOf(RunFlag.waiting | RunFlag.woke), 0);
  assert.equal(cpuShareOf(RunFlag.waiting | RunFlag.woke | (mostCpuShare << cpuShareShift)), 64);
});

test('the innermost frame of each state', () => {
  const name = (state: LeafState) => leafStates[state] ?? '';
  const cases: [number, string, string][] = [
    [0, '', ''],
    [running | holdsGil, '', ''],
    [waiting, '', '<waiting>'],
    [waiting | waitsForGil, '<waiting for GIL>', '<waiting for GIL>'],
    [running | waitsForGil, '<waiting for GIL>', '<waiting for GIL>'],
    [running | collecting, '<gc>', '<gc>'],
    [waiting | waitsForGil | collecting, '<gc>', '<gc>'],
  ];
  for (const [flags, state, orWaiting] of cases) {
    assert.equal(name(leafStateOf(flags, 'wall')), state);
    assert.equal(name(leafStateOrWaitingOf(flags, 'wall')), orWaiting);
  }
  assert.equal(name(leafStateOrWaitingOf(waiting | waitsForGil, 'cpu')), '', 'time on a CPU did not wait');
  assert.equal(
    name(leafStateOrWaitingOf(waiting | waitsForGil, 'gil-wait')),
    '',
    'all of that mode waits for the GIL',
  );
  assert.equal(name(leafStateOf(running | collecting, 'cpu')), '<gc>');
});

test('a leaf is its stack and its state', () => {
  for (const stack of [0, 1, 7, 2 ** 31 - 1]) {
    for (const state of [-1, 0, 1, 2] as const) {
      const leaf = leafOf(stack, state);
      assert.deepEqual([stackOfLeaf(leaf), leafStateOfLeaf(leaf)], [stack, state]);
    }
  }
});
