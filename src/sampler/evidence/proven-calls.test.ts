import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeId, SiteId } from '../../model/ids.js';
import type { Certainty, EvidenceRow } from './evidence.js';
import { ProvenCalls, ReadingCount } from './proven-calls.js';

const [site, code, callee] = [10 as SiteId, 1 as CodeId, 2 as CodeId];

function row(readings: number, of: number, certainty: Certainty): EvidenceRow {
  return { read: 'stable', readings, of, certainty };
}

const strict = row(4, 6, 'against');
const several = row(4, 512, 'likely');
const once = row(1, 1, 'likely');
const twice = row(2, 512, 'certain');

/**
 * In how many ticks of `threads` threads, the first of which shows the call each time, it is proven; -1: in none of a
 * hundred.
 */
function ticksUntilProven(threads: number, evidence: EvidenceRow): number {
  const calls = new ProvenCalls();
  const counts = Array.from({ length: threads }, () => new ReadingCount());
  for (let tick = 1; tick <= 100; tick++)
    for (const [index, count] of counts.entries()) {
      calls.nextReading(count);
      if (index === 0 && calls.observe(site, code, callee, evidence)) return tick;
    }
  return -1;
}

for (const threads of [1, 2, 3, 8, 200]) {
  test(`with ${threads} threads a call is proven by as many readings of the one that makes it`, () => {
    assert.equal(ticksUntilProven(threads, strict), 4);
    assert.equal(ticksUntilProven(threads, several), 4);
    assert.equal(ticksUntilProven(threads, twice), 2);
    assert.equal(ticksUntilProven(threads, once), 1);
    assert.equal(ticksUntilProven(threads, row(0, 0, 'likely')), -1);
  });
}

/** Reads a thread `readings` times; the call is observed in the last of them. */
function observe(calls: ProvenCalls, count: ReadingCount, evidence: EvidenceRow, readings = 1): boolean {
  for (let reading = 0; reading < readings; reading++) calls.nextReading(count);
  return calls.observe(site, code, callee, evidence);
}

test('observations that lie too far apart prove nothing', () => {
  const calls = new ProvenCalls();
  const count = new ReadingCount();
  for (let times = 0; times < 50; times++) assert.equal(observe(calls, count, strict, 4), false);
  for (let times = 0; times < 50; times++) assert.equal(observe(calls, count, several, 300), false);
});

test('observations count up to the end of their window', () => {
  const atItsEnd = [1, 2, 2, 2].map((readings) => readings);
  const calls = new ProvenCalls();
  const count = new ReadingCount();
  const proofs = atItsEnd.map((readings) => observe(calls, count, strict, readings));
  assert.deepEqual(proofs, [false, false, false, true]);
  const late = new ProvenCalls();
  const lateProofs = [1, 2, 2, 3].map((readings) => observe(late, count, strict, readings));
  assert.deepEqual(lateProofs, [false, false, false, false]);
});

test('observations in different threads do not add up', () => {
  const calls = new ProvenCalls();
  const counts = [new ReadingCount(), new ReadingCount()];
  for (let times = 0; times < 50; times++) assert.equal(observe(calls, counts[times % 2]!, several), false);
});

test('a call that was proven against the bytecode must be proven anew, in time', () => {
  const calls = new ProvenCalls();
  const count = new ReadingCount();
  for (let times = 0; times < 4; times++) observe(calls, count, strict);
  assert.ok(calls.isProven(site, callee));
  assert.ok(calls.doubt());
  assert.ok(!calls.isProven(site, callee));
  for (let times = 0; times < 3; times++) assert.equal(observe(calls, count, strict), false);
  assert.equal(observe(calls, count, strict), true);
});

test('a call that was proven by being observed needs to be observed once more, by any thread', () => {
  const calls = new ProvenCalls();
  for (let times = 0, count = new ReadingCount(); times < 4; times++) observe(calls, count, several);
  assert.ok(calls.doubt());
  assert.ok(!calls.isProven(site, callee));
  assert.equal(observe(calls, new ReadingCount(), several, 1000), true);
});

test('the first call that a site is seen to make needs to be observed once more', () => {
  const calls = new ProvenCalls();
  assert.equal(observe(calls, new ReadingCount(), once), true);
  assert.ok(calls.doubt());
  assert.ok(!calls.isProven(site, callee));
  assert.equal(observe(calls, new ReadingCount(), once), true);
});

test('what is certain is not doubted', () => {
  const calls = new ProvenCalls();
  observe(calls, new ReadingCount(), row(1, 1, 'certain'));
  assert.equal(calls.doubt(), false);
  assert.ok(calls.isProven(site, callee));
});

test('what was doubted and not proven since is not doubted again', () => {
  const calls = new ProvenCalls();
  observe(calls, new ReadingCount(), once);
  assert.ok(calls.doubt());
  assert.equal(calls.doubt(), false);
});

test('a site that makes one call is known to make calls, and where a pair of functions calls', () => {
  const calls = new ProvenCalls();
  const other = 5000 as SiteId;
  assert.equal(calls.isCaller(site), false);
  assert.equal(calls.siteOf(code, callee), -1);
  calls.prove(site, code, callee);
  assert.equal(calls.isCaller(site), true);
  assert.equal(calls.isCaller(other), false);
  assert.equal(calls.siteOf(code, callee), site);
  calls.prove(other, code, callee);
  assert.equal(calls.siteOf(code, callee), other);
  assert.equal(calls.isCaller(other), true);
});

test('torn copies show ever new calls, which do not fill memory, and what is proven stays', () => {
  const calls = new ProvenCalls();
  const count = new ReadingCount();
  for (let proven = 0; proven < 1000; proven++) calls.prove(proven as SiteId, code, callee);
  calls.nextReading(count);
  calls.observe(2000 as SiteId, code, callee, once);
  for (let torn = 0; torn < 100_000; torn++) calls.observe(site, code, (torn + 10) as CodeId, several);
  assert.ok(calls.size < 10_000, `${calls.size} calls`);
  for (let proven = 0; proven < 1000; proven++) assert.ok(calls.isProven(proven as SiteId, callee));
  assert.ok(calls.isProven(2000 as SiteId, callee));
  assert.ok(calls.doubt());
  assert.ok(!calls.isProven(2000 as SiteId, callee));
  assert.ok(calls.isProven(7 as SiteId, callee));
});
