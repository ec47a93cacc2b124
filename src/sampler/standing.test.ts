import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunFlag } from '../model/profile.js';
import { Standing } from './standing.js';

interface Thread {
  flags: number;
  readonly activity: { stands: boolean; stood: boolean; asked: number; hasStood(): boolean };
}

function thread(): Thread {
  return {
    flags: RunFlag.waiting,
    activity: {
      ...{ stands: true, stood: true, asked: 0 },
      hasStood() {
        this.asked++;
        return this.stood;
      },
    },
  };
}

/** Two threads that were read as they stand at 0; `count`: as the kernel counts them.  */
function read(count: number | 'unknown' = 2, threads = [thread(), thread()]) {
  const it = {
    standing: new Standing(() => (count === 'unknown' ? undefined : count)),
    threads: threads as never,
    all: threads,
  };
  it.standing.isAsRead(it.threads, 0);
  it.standing.read(it.threads, 0);
  return it;
}

test('a process whose threads all stand is as it was read, for ever longer', () => {
  const { standing, threads } = read();
  for (const time of [1000, 50_000, 99_999]) assert.ok(standing.isAsRead(threads, time));
  const readAt: number[] = [];
  for (let time = 100_000; time < 8_000_000; time += 50_000)
    if (!standing.isAsRead(threads, time)) {
      standing.read(threads, time);
      readAt.push(time / 1000);
    }
  assert.deepEqual(readAt, [100, 300, 700, 1500, 2500, 3500, 4500, 5500, 6500, 7500]);
  assert.equal(standing.since, 0);
});

test('since when it stands is known until it moves', () => {
  const { standing, threads, all } = read();
  assert.equal(standing.since, Number.POSITIVE_INFINITY);
  standing.isAsRead(threads, 1000);
  assert.equal(standing.since, 0);
  all[0]!.activity.stands = false;
  standing.read(threads, 2000);
  assert.equal(standing.since, Number.POSITIVE_INFINITY);
  all[0]!.activity.stands = true;
  standing.read(threads, 3000);
  standing.isAsRead(threads, 4000);
  assert.equal(standing.since, 3000);
  all[0]!.activity.stood = false;
  standing.isAsRead(threads, 5000);
  assert.equal(standing.since, Number.POSITIVE_INFINITY);
});

test('one thread that woke is enough, until the process is read again', () => {
  const { standing, threads, all } = read();
  all[1]!.activity.stood = false;
  assert.ok(!standing.isAsRead(threads, 1000));
  all[1]!.activity.stood = true;
  assert.ok(!standing.isAsRead(threads, 2000));
  standing.read(threads, 2000);
  assert.ok(standing.isAsRead(threads, 3000));
});

test('what was read while a thread had not stood yet does not count', () => {
  const { standing, threads, all } = read();
  all[0]!.activity.stands = false;
  standing.read(threads, 1000);
  assert.ok(!standing.isAsRead(threads, 2000));
});

test('what moved in another way is read', () => {
  const { standing, threads } = read();
  standing.moved();
  assert.ok(!standing.isAsRead(threads, 1000));
});

test('with threads that do not run Python, or an unknown number of them, nothing stands', () => {
  for (const count of [3, 'unknown'] as const) {
    const { standing, threads } = read(count);
    assert.ok(!standing.isAsRead(threads, 1000));
  }
});

test('of a thread that has the GIL, waits for it or collects the kernel is not asked', () => {
  for (const flag of [RunFlag.holdsGil, RunFlag.waitsForGil, RunFlag.collecting]) {
    const { standing, threads, all } = read();
    const asked = all[0]!.activity.asked;
    all[1]!.flags |= flag;
    assert.ok(!standing.isAsRead(threads, 1000));
    assert.equal(all[0]!.activity.asked, asked);
  }
});

test('no threads, and more than eight, are read', () => {
  for (const count of [0, 9]) {
    const { standing, threads } = read(count, Array.from({ length: count }, thread));
    assert.ok(!standing.isAsRead(threads, 1000));
  }
  const { standing, threads } = read(8, Array.from({ length: 8 }, thread));
  assert.ok(standing.isAsRead(threads, 1000));
});
