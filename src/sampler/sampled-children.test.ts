import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Layout } from '../cpython/layout.js';
import type { FinderMessage } from './child-finder-messages.js';
import { SampledChildren } from './sampled-children.js';

/** The sampler's side, and the other one, which the test plays. */
function children(
  act: (it: SampledChildren, answer: (message: FinderMessage) => void, asked: () => number[]) => void,
) {
  const { port1, port2 } = new MessageChannel();
  const scans: number[] = [];
  const asked = () => {
    const next = () => receiveMessageOnPort(port2);
    for (let got = next(); got; got = next()) if (got.message.kind === 'scan') scans.push(got.message.number);
    return scans;
  };
  try {
    act(new SampledChildren(port1), (message) => port2.postMessage(message), asked);
  } finally {
    port1.close();
    port2.close();
  }
}

const tree = (scan: number, undecided: number): FinderMessage => ({
  ...{ kind: 'tree', scan, undecided, left: ['sh (process 1)'], oldCpuEnded: 1 },
});

test('nothing is left once a scan that was asked for says so, not one of before', () =>
  children((it, answer, asked) => {
    answer(tree(0, 0));
    it.next(() => {});
    assert.equal(it.noneLeft(0), false);
    assert.deepEqual(asked(), [1]);
    answer(tree(0, 0));
    it.next(() => {});
    assert.equal(it.noneLeft(100), false);
    // It is not asked again before it has answered.
    assert.deepEqual(asked(), [1]);
    answer(tree(1, 1));
    it.next(() => {});
    assert.equal(it.noneLeft(101), false);
    assert.equal(it.noneLeft(102), false);
    assert.deepEqual(asked(), [1, 2]);
    answer(tree(2, 0));
    it.next(() => {});
    assert.equal(it.noneLeft(103), true);
    assert.deepEqual(it.left, ['sh (process 1)']);
  }));

test('what is followed again must end again', () =>
  children((it, answer, asked) => {
    it.noneLeft(0);
    answer(tree(1, 0));
    it.next(() => {});
    it.notEmpty();
    assert.equal(it.noneLeft(50), false);
    assert.deepEqual(asked(), [1, 2]);
  }));

test('each thing that was found comes by itself, and reports are handed on', () =>
  children((it, answer) => {
    const found = { kind: 'found', pid: 7, location: { layout: 3 } } as FinderMessage;
    const reason = (pid: number): FinderMessage => ({
      kind: 'not-recorded',
      child: { pid, commandLine: ['python2'], reason: 'too old' },
    });
    for (const program of ['sh', 'make', 'sh']) answer({ kind: 'ran', program });
    for (let pid = 0; pid < 120; pid++) answer(reason(pid));
    answer({ kind: 'layout', number: 3, layout: { minor: 13 } as Layout });
    answer(found);
    answer(found);
    const reported: number[] = [];
    const next = () => it.next(({ pid }) => reported.push(pid));
    const [first, second, third] = [next(), next(), next()];
    assert.deepEqual([first?.pid, second?.pid, third], [7, 7, undefined]);
    assert.deepEqual(first?.location.layout, { minor: 13 });
    assert.equal(first.location.layout, second?.location.layout);
    assert.deepEqual(it.programs, ['sh', 'make']);
    assert.equal(reported.length, 100);
    assert.equal(it.unrecorded(0).processes.length, 100);
  }));

test('CPU time of children counts as not recorded where it is more than the clock may be off', () =>
  children((it, answer) => {
    const missing = (accounted: number) => it.unrecorded(accounted).cpuSeconds;
    assert.equal(missing(0.04), 0);
    assert.equal(missing(0.06), 0.06);
    answer(tree(0, 0));
    it.next(() => {});
    // Of this, a second is from before.
    assert.equal(missing(1.04), 0);
    it.ended(9.6);
    assert.equal(missing(11), 0);
    assert.equal(missing(11.2), 0.6);
  }));

test('what was found before it was no longer wanted is not handed on, unless it is wanted again', () =>
  children((it, answer) => {
    const found = (pid: number) => {
      answer({ kind: 'layout', number: 1, layout: {} as Layout });
      answer({ kind: 'found', pid, location: { layout: 1 } } as unknown as FinderMessage);
      return it.next(() => {})?.pid;
    };
    it.ask({ kind: 'watch', pid: 7, deep: false });
    it.ask({ kind: 'unwatch', pid: 7 });
    assert.equal(found(7), undefined);
    assert.equal(found(8), 8);
    it.ask({ kind: 'unwatch', pid: 7 });
    it.ask({ kind: 'watch', pid: 7, deep: false });
    assert.equal(found(7), 7);
  }));
