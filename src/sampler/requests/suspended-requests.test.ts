import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, taskAt, tick } from '../../../tests/support/suspended-looks.js';

/** The middle between a look and the next one. */
const middle = (looks: readonly number[], look: number) => (looks[look]! + looks[look + 1]!) / 2;

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= tick, `${actual} is not ${expected}`);
}

test('a request that began or ended between two looks did so in the middle, however rare they are', () => {
  const { it, looks, spans, finish } = begin();
  it.costs = 6000;
  looks(21);
  it.costs = 0;
  it.tasks = [taskAt(0x1000)];
  looks(2);
  it.tasks = [taskAt(0x2000)];
  looks(3);
  it.tasks = [];
  // Its tick took long before it.
  it.late = 30_000;
  looks(1);
  it.late = 0;
  looks(1);
  finish();
  const [a, b, ...others] = spans();
  assert.deepEqual([a!.request, b!.request, others], ['1', '2', []]);
  assert.ok(it.looks[21]! - it.looks[20]! > 20_000, 'looks are the rarer the more they cost');
  assertNear(a!.start, middle(it.looks, 20));
  assertNear(a!.end, middle(it.looks, 22));
  assertNear(b!.start, middle(it.looks, 22));
  assertNear(b!.end, middle(it.looks, 25));
});

test('requests of known times have these on the average', () => {
  const { it, ticks, spans, finish } = begin();
  const length = 60_000;
  const begins: number[] = [];
  for (let at = 0; at < 500; at++) {
    it.costs = 1000 + 50 * (at % 20);
    // Nobody asks for anything in between.
    ticks(100_000 + 1000 * (at % 50));
    begins.push(it.now);
    it.tasks = [taskAt(0x1000 + at * 0x100)];
    ticks(length);
    it.tasks = [];
  }
  ticks(200_000);
  finish();
  const all = spans();
  assert.equal(all.length, begins.length);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const late = sum(all.map(({ start }, at) => start - begins[at]!)) / all.length;
  assert.ok(Math.abs(late) < 3000, `they begin ${late} late`);
  const whole = sum(all.map(({ start, end }) => end - start)) / begins.length;
  assert.ok(Math.abs(whole - length) < 3000, `they take ${whole}`);
});

test('what is suspended when the process ends, or the recording, was so until then', () => {
  for (const end of ['finish', 'ended'] as const) {
    const it = begin();
    it.looks(5);
    it.it.costs = 6000;
    it.looks(1);
    it.it.tasks = [taskAt(0x1000)];
    it.looks(1);
    it.ticks(20_000);
    it[end]();
    const [span, ...others] = it.spans();
    assert.deepEqual(others, []);
    assertNear(span!.end, it.it.now);
  }
});

test('a request that is there at the first look was there before, one of later was not', () => {
  const { it, looks, spans, finish } = begin();
  it.tasks = [taskAt(0x1000)];
  it.now = 20_000;
  looks(2);
  finish();
  assertNear(spans()[0]!.start, 0);
});

test('the first request after a rest was not there before it was seen', () => {
  const { it, ticks, spans, finish } = begin();
  it.hasAsyncio = false;
  ticks(2_500_000);
  it.hasAsyncio = true;
  const task = taskAt(0x1000);
  it.tasks = [task];
  const seen = it.now;
  ticks(100_000);
  it.tasks = [];
  ticks(50_000);
  finish();
  const [span] = spans();
  assertNear(span!.start, seen);
});

test('while there are no tasks they are looked for less and less often', () => {
  const { it, ticks } = begin();
  it.hasAsyncio = false;
  ticks(40_000_000);
  const rests = it.looks.slice(1).map((at, index) => Math.round((at - it.looks[index]!) / 1e6));
  assert.deepEqual(rests, [...new Array<number>(10).fill(1), 2, 4, 8, 8]);
});

test('nothing is looked at while the process stands, and what began then was not there before', () => {
  const { it, ticks, spans, finish, suspended } = begin();
  assert.ok(!suspended.isResting);
  it.hasAsyncio = false;
  ticks(1_500_000);
  const looks = it.looks.length;
  for (const until = it.now + 5_000_000; it.now < until; it.now += tick) {
    assert.ok(suspended.isResting);
    suspended.rest(it.now);
  }
  assert.equal(it.looks.length, looks);
  it.hasAsyncio = true;
  it.tasks = [taskAt(0x1000)];
  const seen = it.now;
  ticks(100_000);
  assert.ok(!suspended.isResting);
  finish();
  assertNear(spans()[0]!.start, seen);
});

test('what is found in a task after a rest, and was on no thread, has not been there for long', () => {
  const { it, ticks, spans, looks, finish } = begin();
  it.hasAsyncio = false;
  ticks(1_500_000);
  it.hasAsyncio = true;
  it.isSeenOnThreads = false;
  it.tasks = [taskAt(0x1000)];
  looks(2);
  finish();
  const [span] = spans();
  assert.ok(span!.start >= it.looks.at(-3)! - 51_000, `${span!.start}`);
});

test('a request for which a thread works at a look counts there', () => {
  const { it, looks, spans, requestOf, finish } = begin();
  const task = taskAt(0x1000);
  looks(3);
  it.tasks = [task];
  looks(2);
  const request = requestOf(task);
  request.future = 0x9000;
  it.onThread = request;
  looks(2);
  it.onThread = undefined;
  looks(2);
  it.tasks = [];
  looks(2);
  finish();
  const [before, after, ...others] = spans();
  assert.deepEqual(others, []);
  assertNear(before!.start, middle(it.looks, 2));
  assertNear(before!.end, middle(it.looks, 4));
  assertNear(after!.start, middle(it.looks, 6));
  assertNear(after!.end, middle(it.looks, 8));
});

test('of many new requests at once those are known that were read before their tasks went on', () => {
  const { it, looks, spans, finish } = begin();
  looks(3);
  it.tasks = Array.from({ length: 99 }, (_, at) => taskAt(0x1000 * (at + 1)));
  // Two together do not hold still, one does.
  it.stepsAfter = 1;
  looks(1);
  assert.ok(it.readOne > 3 && it.readOne < 10, `${it.readOne} are read again in one look`);
  assert.equal(it.known.size, it.readOne);
  looks(40);
  assert.equal(it.known.size, 99);
  finish();
  assert.equal(new Set(spans().map(({ request }) => request)).size, 99);
});

test('a request that is known counts though its task goes on while it is looked at', () => {
  const { it, looks, spans, finish } = begin();
  looks(3);
  it.tasks = [taskAt(0x1000)];
  looks(1);
  it.isDue = true;
  it.stepsAfter = 0;
  looks(5);
  it.tasks = [];
  looks(2);
  finish();
  const [span, ...others] = spans();
  assert.deepEqual(others, []);
  assertNear(span!.end, middle(it.looks, 8));
});

test('a look at very many requests goes on after the next ticks, and counts when its tasks were copied', () => {
  const { it, looks, ticks, spans, waitingNow, finish } = begin();
  it.tasks = [taskAt(0x1000)];
  looks(3);
  it.tasks = [taskAt(0x2000)];
  [it.steps, it.step, it.taken] = [500, 50, 0];
  looks(1);
  assert.ok(it.taken <= 400, `${it.taken} steps of 50 µs in the first turn`);
  it.tasks = [taskAt(0x3000)];
  assert.equal(waitingNow().size, 0);
  assert.equal(it.readAtOnce, 0, 'all tasks are read once at a time');
  for (const look = it.looks.length; it.looks.length === look; ) {
    const before = it.taken;
    it.late = 0;
    ticks(tick);
    if (it.looks.length === look)
      assert.ok(it.taken - before <= 7, `${it.taken - before} steps of 50 µs after a tick`);
  }
  assert.ok(it.taken >= 500);
  // The one that is under way is finished.
  finish();
  assert.equal(it.taken, 500 * (it.looks.length - 3));
  const [a, b, c, ...others] = spans();
  assert.deepEqual([a!.request, b!.request, c!.request, others], ['1', '2', '3', []]);
  assertNear(b!.start, middle(it.looks, 2));
  assertNear(b!.end, middle(it.looks, 3));
});
