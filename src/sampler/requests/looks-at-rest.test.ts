import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, taskAt, tick } from '../../../tests/support/suspended-looks.js';
import type { ReadTask } from '../../cpython/asyncio/task-reader.js';

/** As the recording has it, to some microseconds. */
function assertAt(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 10, `${actual} is not ${expected}`);
}

/** Loops rest but for the ticks at which tasks are changed. */
function changeAt(it: ReturnType<typeof begin>, tasks: ReadTask[]) {
  it.it.tasks = tasks;
  it.it.restSince = Number.POSITIVE_INFINITY;
  it.ticks(tick);
  it.it.restSince = it.it.now - tick;
}

test('what comes or goes while loops rested before is seen at once, and to a tick', () => {
  const it = begin();
  it.it.costs = 1000;
  it.it.tasks = [taskAt(0x100000)];
  it.looks(250);
  const expected: [number, number][] = [];
  for (const request of [2, 3, 4, 5]) {
    it.it.tasks = [];
    it.it.restSince = Number.POSITIVE_INFINITY;
    it.looks(2);
    it.it.restSince = it.it.now - tick;
    it.ticks(90_000);
    const before = it.it.looks.length;
    const began = it.it.now;
    changeAt(it, [taskAt(0x1000 * request)]);
    it.ticks(17_000 + request * 1000);
    const ended = it.it.now;
    changeAt(it, []);
    it.ticks(50_000);
    assert.equal(it.it.looks.length - before, 2);
    expected.push([began - tick / 2, ended - tick / 2]);
  }
  it.finish();
  const [, ...spans] = it.spans();
  assert.deepEqual(
    spans.map(({ request }) => request),
    ['2', '3', '4', '5'],
  );
  for (const [at, [start, end]] of expected.entries()) {
    assertAt(spans[at]!.start, start);
    assertAt(spans[at]!.end, end);
  }
});

test('loops that rest are looked at ten times a second, and those that never do no more than others', () => {
  const it = begin();
  it.it.costs = 1000;
  it.it.tasks = [taskAt(0x1000)];
  it.looks(250);
  const looked = (microseconds: number) => {
    const before = it.it.looks.length;
    it.ticks(microseconds);
    return it.it.looks.length - before;
  };
  it.it.restSince = it.it.now - tick;
  it.looks(1);
  it.it.restSince = it.it.now - tick;
  const sparse = [1, 2, 3, 4].map(() => {
    const count = looked(100_000);
    it.it.restSince = it.it.now - tick;
    return count;
  });
  assert.deepEqual(sparse, [1, 1, 1, 1]);
  // After a rest, so much the more for a while.
  it.it.restSince = Number.POSITIVE_INFINITY;
  const atOnce = looked(8000);
  assert.equal(atOnce, 8);
  const share = ((atOnce + looked(992_000)) * it.it.costs) / 1e6;
  assert.ok(share > 0.1 && share < 0.15, `${share}`);
});

test('where no task has a request, looks take half a percent, and the first request is seen at once', () => {
  const it = begin();
  it.it.costs = 1000;
  it.looks(60);
  const before = it.it.looks.length;
  it.ticks(10_000_000);
  const share = ((it.it.looks.length - before) * it.it.costs) / 10e6;
  assert.ok(share > 0.004 && share < 0.006, `${share}`);
  it.it.isSeenOnThreads = false;
  it.it.restSince = it.it.now - tick;
  it.looks(1);
  it.it.restSince = it.it.now - tick;
  it.ticks(3_000_000);
  const began = it.it.now;
  changeAt(it, [taskAt(0x1000)]);
  it.ticks(20_000);
  changeAt(it, []);
  it.finish();
  const [span, ...others] = it.spans();
  assert.deepEqual(others, []);
  assertAt(span!.start, began - tick / 2);
});

test('a thread that begins to work for a request, or ends it, while loops rest, is seen to do so', () => {
  const it = begin();
  const task = taskAt(0x1000);
  it.looks(3);
  it.it.tasks = [task];
  it.looks(1);
  it.it.restSince = it.it.now - tick;
  it.requestOf(task).future = 0x9000;
  const before = it.it.looks.length;
  it.ticks(5000);
  const began = it.it.now;
  it.it.onThread = it.requestOf(task);
  it.ticks(5000);
  const ended = it.it.now;
  it.it.onThread = undefined;
  it.ticks(5000);
  assert.equal(it.it.looks.length, before);
  it.finish();
  const [waits, waitsAgain, ...others] = it.spans();
  assert.deepEqual(others, []);
  assertAt(waits!.end, began - tick / 2);
  assertAt(waitsAgain!.start, ended - tick / 2);
});
