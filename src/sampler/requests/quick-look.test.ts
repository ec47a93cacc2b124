import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, taskAt, tick } from '../../../tests/support/suspended-looks.js';
import type { ReadTask } from '../../cpython/asyncio/task-reader.js';

/** Of a server whose looks are dear, and which has made many. */
function beginDear(count = 1) {
  const it = begin();
  it.it.isReadQuickly = true;
  it.it.costs = 2000;
  it.it.tasks = Array.from({ length: count }, (_, at) => taskAt(0x1000 * (at + 1)));
  it.looks(250);
  return it;
}

/** Looks are as rare as they may be: all that came early have been made up for. */
function spendAll(it: ReturnType<typeof begin>): void {
  it.it.isReadQuickly = false;
  it.looks(20);
  it.it.isReadQuickly = true;
}

const ended = (spans: readonly { request: string | undefined; end: number }[], request: string) =>
  Math.max(...spans.filter((span) => span.request === request).map(({ end }) => end));

test('what begins and ends on a loop that never rests is seen at once, and to a tick', () => {
  const it = beginDear();
  const expected: number[] = [];
  for (const request of [2, 3, 4, 5]) {
    it.ticks(200_000);
    expected.push(it.it.now - tick / 2);
    it.it.tasks = [taskAt(0x10000 * request)];
  }
  it.ticks(50_000);
  it.finish();
  const spans = it.spans();
  for (const [at, end] of expected.entries())
    assert.ok(Math.abs(ended(spans, `${at + 1}`) - end) < 10, `${ended(spans, `${at + 1}`)} is not ${end}`);
});

test('what ended and began before a look could be made did so where a quick look and a rest say', () => {
  const it = beginDear(2);
  const [stays] = it.it.tasks as [ReadTask, ReadTask];
  spendAll(it);
  it.ticks(2 * tick);
  const looks = it.it.looks.length;
  const end = it.it.now;
  it.it.tasks = [stays];
  it.ticks(3 * tick);
  const begun = it.it.now;
  it.it.tasks = [stays, taskAt(0x90000)];
  it.it.restSince = begun;
  it.ticks(tick);
  assert.equal(it.it.looks.length, looks, 'it is too early for a look');
  while (it.it.looks.length === looks) it.ticks(tick);
  it.ticks(5 * tick);
  it.finish();
  const spans = it.spans();
  assert.ok(Math.abs(ended(spans, '2') - (end - tick / 2)) < 10, `it ended ${ended(spans, '2') - end} late`);
  const [next] = spans.filter(({ request }) => request === '3');
  assert.ok(Math.abs(next!.start - (end + begun) / 2) < 10, `it began ${next!.start - begun} late`);
});

test('with quick looks all looks take no more than their part of a processor', () => {
  const it = beginDear();
  it.it.costsQuickly = 50;
  const [looks, quick, until] = [it.it.looks.length, it.it.quickLooks, it.it.now + 2e6];
  for (let at = 0; it.it.now < until; at++) {
    it.it.tasks = [taskAt(0x10000 + 0x100 * at)];
    it.ticks(3 * tick);
  }
  const [made, madeQuickly] = [it.it.looks.length - looks, it.it.quickLooks - quick];
  const share = (made * it.it.costs + madeQuickly * it.it.costsQuickly) / 2e6;
  assert.ok(madeQuickly > 0 && share < 0.15, `${share}`);
});

test('once it is known that something began, it is not asked again before the look', () => {
  const it = beginDear();
  spendAll(it);
  const looks = it.it.looks.length;
  it.it.tasks = [taskAt(0x90000)];
  const before = it.it.quickLooks;
  while (it.it.looks.length === looks) it.ticks(tick);
  assert.ok(it.it.quickLooks - before <= 1, `${it.it.quickLooks - before}`);
});

test('while loops rest after a quick look it need not be asked again', () => {
  const it = beginDear();
  it.ticks(tick);
  it.it.restSince = it.it.now;
  it.ticks(tick);
  const before = it.it.quickLooks;
  it.ticks(20_000);
  assert.equal(it.it.quickLooks, before);
});

test('many tasks, and programs without requests of late, are not asked quickly', () => {
  const many = beginDear(17);
  const none = begin();
  none.it.isReadQuickly = true;
  none.looks(60);
  for (const it of [many, none]) {
    const before = it.it.quickLooks;
    it.ticks(100_000);
    assert.equal(it.it.quickLooks, before);
  }
});

test('the next request in the place of the last one is another one', () => {
  const it = beginDear();
  const [task] = it.it.tasks as [ReadTask];
  it.ticks(200_000);
  const end = it.it.now - tick / 2;
  it.it.over = it.requestOf(task);
  it.it.requests.set(task, { ...it.it.over, number: '77' });
  it.ticks(20_000);
  it.finish();
  assert.ok(Math.abs(ended(it.spans(), '1') - end) < 10);
});
