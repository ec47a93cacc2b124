import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuShareShift, RunFlag } from '../model/profile.js';
import type { StillClock } from '../platform/target.js';
import { Standing } from './standing.js';

interface Thread {
  flags: number;
  node: number;
  readonly activity: {
    stands: boolean;
    stood: boolean;
    isPaid(): boolean;
    asked: number;
    hasStood(): boolean;
    still(): StillClock | undefined;
    isStill(): boolean;
  };
}

function thread(): Thread {
  return {
    ...{ flags: RunFlag.waiting, node: 1 },
    activity: {
      ...{ stands: true, stood: true, asked: 0, isPaid: () => true },
      hasStood() {
        this.asked++;
        return this.stood;
      },
      still() {
        return this.stood ? this : undefined;
      },
      isStill: () => true,
    },
  };
}

/** Two threads that were read as they stand at 0; `count`: as the kernel counts them.  */
function read(count: number | 'unknown' = 2, threads = [thread(), thread()]) {
  const same = {
    until: undefined as number | undefined,
    clocks: [] as readonly StillClock[],
    begin(clocks: readonly StillClock[], until: number) {
      Object.assign(this, { clocks, until });
    },
    end() {
      this.until = undefined;
    },
  };
  const it = {
    same,
    standing: new Standing(() => (count === 'unknown' ? undefined : count), same),
    threads: threads as never,
    all: threads,
  };
  it.standing.isAsRead(it.threads, 0);
  it.standing.read(it.threads, 0);
  return it;
}

test('a process whose threads all stand is as it was read, but for a look now and then', () => {
  const { standing, threads } = read();
  for (const time of [1000, 50_000, 99_999]) assert.ok(standing.isAsRead(threads, time));
  const readAt: number[] = [];
  for (let time = 100_000; time < 8_000_000; time += 50_000)
    if (!standing.isAsRead(threads, time)) {
      standing.read(threads, time);
      readAt.push(time / 1000);
    }
  assert.deepEqual(readAt, [100, 1100, 2100, 3100, 4100, 5100, 6100, 7100]);
  assert.equal(standing.since, 0);
});

test('where each reading shows another stack, it is read soon again, and later each time', () => {
  const { standing, threads, all } = read();
  const readAt: number[] = [];
  for (let time = 50_000; time < 4_000_000; time += 50_000)
    if (!standing.isAsRead(threads, time)) {
      standing.read(threads, time);
      all[0]!.node++;
      readAt.push(time / 1000);
    }
  assert.deepEqual(readAt, [100, 300, 700, 1500, 2500, 3500]);
});

test('one that stands again where it stood is not read soon, one that stands elsewhere is', () => {
  for (const [node, isRead] of [
    [1, false],
    [2, true],
  ] as const) {
    const { standing, threads, all } = read();
    standing.isAsRead(threads, 1000);
    standing.moved();
    all[1]!.node = node;
    standing.read(threads, 2000);
    assert.ok(standing.isAsRead(threads, 3000));
    assert.equal(!standing.isAsRead(threads, 102_000), isRead);
    assert.ok(!standing.isAsRead(threads, 1_002_000));
  }
});

/** One that is as it was read, and so can stay; what is due next is at 90 ms. */
function staying() {
  const it = read();
  it.standing.isAsRead(it.threads, 1000);
  return { ...it, stay: (until = 90_000) => it.standing.staysSame(it.threads, 1000, until) };
}

test('ticks are the same until something is due, or it is to be read', () => {
  const { same, all, stay, standing, threads } = staying();
  assert.equal(same.until, undefined);
  stay();
  assert.equal(same.until, 90_000);
  assert.deepEqual(
    same.clocks,
    all.map(({ activity }) => activity),
  );
  stay(Number.POSITIVE_INFINITY);
  assert.equal(same.until, 100_000);
  standing.read(threads, 100_000);
  assert.equal(same.until, undefined);
});

test('what moves ends ticks that are the same', () => {
  for (const move of ['moved', 'woke', 'wakes'] as const) {
    const { same, all, standing, threads, stay } = staying();
    if (move === 'wakes') all[1]!.activity.stood = false;
    stay();
    assert.equal(same.until, move === 'wakes' ? undefined : 90_000);
    if (move === 'moved') standing.moved();
    if (move === 'woke') {
      all[1]!.activity.stood = false;
      assert.ok(!standing.isAsRead(threads, 2000));
    }
    assert.equal(same.until, undefined);
  }
});

test('a tick with CPU time is not the same as the next one, nor is one that leaves some', () => {
  const used = staying();
  used.stay();
  used.all[0]!.flags |= 1 << cpuShareShift;
  used.stay();
  assert.equal(used.same.until, undefined);
  const left = staying();
  left.stay();
  left.all[1]!.activity.isPaid = () => false;
  left.stay();
  assert.equal(left.same.until, undefined);
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
