import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallEdges, Evidence, ReadingCount } from './call-edges.js';

const call = [0x1000, 0, 0x1008, 0x2000, 0] as const;

/** In how many ticks of `threads` threads, the first of which shows the call each time, it is believed; -1: in none of a hundred. */
function ticksUntilBelieved(threads: number, evidence: Evidence): number {
  const edges = new CallEdges();
  const counts = Array.from({ length: threads }, () => new ReadingCount());
  for (let tick = 1; tick <= 100; tick++)
    for (const [index, count] of counts.entries()) {
      edges.nextReading(count);
      if (index === 0 && edges.sighted(...call, evidence)) return tick;
    }
  return -1;
}

for (const threads of [1, 2, 3, 8, 200]) {
  test(`with ${threads} threads a call is proved by as many readings of the one that makes it`, () => {
    assert.equal(ticksUntilBelieved(threads, Evidence.against), 4);
    assert.equal(ticksUntilBelieved(threads, Evidence.some), 4);
    assert.equal(ticksUntilBelieved(threads, Evidence.inHand), 2);
    assert.equal(ticksUntilBelieved(threads, Evidence.sure), 1);
  });
}

/** Reads a thread `readings` times; the call is seen in the last of them. */
function see(edges: CallEdges, count: ReadingCount, evidence: Evidence, readings = 1): boolean {
  for (let reading = 0; reading < readings; reading++) edges.nextReading(count);
  return edges.sighted(...call, evidence);
}

test('sightings that lie too far apart prove nothing', () => {
  const edges = new CallEdges();
  const count = new ReadingCount();
  for (let times = 0; times < 50; times++) assert.equal(see(edges, count, Evidence.against, 4), false);
  for (let times = 0; times < 50; times++) assert.equal(see(edges, count, Evidence.some, 300), false);
});

test('sightings in different threads do not add up', () => {
  const edges = new CallEdges();
  const counts = [new ReadingCount(), new ReadingCount()];
  for (let times = 0; times < 50; times++) assert.equal(see(edges, counts[times % 2]!, Evidence.some), false);
});

test('a call that was proved against the bytecode must be proved again, in time', () => {
  const edges = new CallEdges();
  const count = new ReadingCount();
  for (let times = 0; times < 4; times++) see(edges, count, Evidence.against);
  assert.ok(edges.isBelieved(...call));
  assert.ok(edges.doubt());
  assert.ok(!edges.isBelieved(...call));
  for (let times = 0; times < 3; times++) assert.equal(see(edges, count, Evidence.against), false);
  assert.equal(see(edges, count, Evidence.against), true);
});

test('a call that was proved by being seen needs to be seen once more, by any thread', () => {
  const edges = new CallEdges();
  for (let times = 0, count = new ReadingCount(); times < 4; times++) see(edges, count, Evidence.some);
  assert.ok(edges.doubt());
  assert.ok(!edges.isBelieved(...call));
  assert.equal(see(edges, new ReadingCount(), Evidence.some, 1000), true);
});

test('the first call that an instruction is seen to make needs to be seen once more', () => {
  const edges = new CallEdges();
  assert.equal(see(edges, new ReadingCount(), Evidence.good), true);
  assert.ok(edges.doubt());
  assert.ok(!edges.isBelieved(...call));
  assert.equal(see(edges, new ReadingCount(), Evidence.good), true);
});

test('what was certain is not doubted', () => {
  const edges = new CallEdges();
  see(edges, new ReadingCount(), Evidence.sure);
  assert.equal(edges.doubt(), false);
  assert.ok(edges.isBelieved(...call));
});

test('a table that grows keeps what is believed, and how well', () => {
  const edges = new CallEdges();
  const count = new ReadingCount();
  for (let times = 0; times < 4; times++) see(edges, count, Evidence.some);
  for (let other = 0; other < 10_000; other++) edges.believe(0x1000, 0, other, 0x3000, 0);
  assert.ok(edges.isBelieved(...call));
  for (let other = 0; other < 10_000; other++) assert.ok(edges.isBelieved(0x1000, 0, other, 0x3000, 0));
  assert.ok(edges.doubt());
  assert.ok(!edges.isBelieved(...call));
  assert.ok(edges.isBelieved(0x1000, 0, 77, 0x3000, 0));
});
