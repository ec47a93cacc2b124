import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../tests/support/simulated-load.js';
import { cpuShareOf, RunFlag } from '../model/profile.js';
import { FakeThread } from '../platform/fake-threads.js';
import { ActivityPace, ThreadActivity } from './thread-activity.js';

const { running, waiting, waitsForGil } = RunFlag;
const state = running | waiting | waitsForGil;
const gil = { lockStart: 0x1000, lockEnd: 0x1100 };
const { lockStart, lockEnd } = gil;

/** A thread that is sampled every millisecond, unless told otherwise. Times are in microseconds. */
class Sampled {
  readonly kernel = new FakeThread();
  readonly pace = new ActivityPace();
  readonly activity: ThreadActivity;
  time = 0;
  /** CPU time that its samples were given. */
  given = 0;
  /** Of its last sample: between it and the one before is another wait. */
  woke = false;

  constructor(counts: 'from birth' | 'from now' = 'from now') {
    this.activity = new ThreadActivity(this.kernel, this.pace, counts);
  }

  tick({ passed = 1000, moved = false, holdsGil = false } = {}): number {
    this.time += passed;
    const flags = this.activity.flags(this.time, passed, moved, holdsGil, gil);
    this.given += passed * cpuShareOf(flags);
    this.woke = (flags & RunFlag.woke) !== 0;
    return flags & state;
  }
}

test('what a thread does is what the kernel says', () => {
  for (const [said, flag] of [
    ['running', running],
    ['waiting', waiting],
    ['unknown', 0],
  ] as const) {
    const it = new Sampled();
    it.kernel.state = said;
    assert.equal(it.tick(), flag, said);
  }
});

test('a thread that waits within the GIL waits for it, one that waits elsewhere or has it does not', () => {
  for (const [waitsAt, flag] of [
    [lockStart - 1, waiting],
    [lockStart, waiting | waitsForGil],
    [lockEnd - 1, waiting | waitsForGil],
    [lockEnd, waiting],
  ] as const) {
    const it = new Sampled();
    it.kernel.waitsAt = waitsAt;
    assert.equal(it.tick(), flag, `0x${waitsAt.toString(16)}`);
  }
});

test('a thread that was woken waits for the GIL until it has it or runs other code', () => {
  const it = new Sampled();
  it.kernel.waitsAt = lockStart;
  it.tick();
  it.kernel.state = 'running';
  it.kernel.used += 10;
  assert.equal(it.tick({ moved: true }), running | waitsForGil);
  assert.ok(it.activity.maybeBetweenCalls);
  it.activity.movedOn();
  assert.equal(it.tick(), running);
  assert.ok(!it.activity.maybeBetweenCalls);
});

test('a thread that gave the GIL away is between calls until it is seen to wait', () => {
  const it = new Sampled();
  it.kernel.state = 'running';
  it.tick({ holdsGil: true });
  assert.ok(!it.activity.maybeBetweenCalls);
  it.tick();
  assert.ok(it.activity.maybeBetweenCalls);
  it.kernel.state = 'waiting';
  it.tick({ holdsGil: true });
  it.tick();
  assert.ok(!it.activity.maybeBetweenCalls);
});

test('who has the GIL runs without being asked, until its clock stands still', () => {
  const it = new Sampled();
  for (let tick = 0; tick < 20; tick++) {
    it.kernel.used += 1000;
    assert.equal(it.tick({ holdsGil: true }), running);
  }
  assert.equal(it.kernel.looks, 0);
  let ticks = 0;
  while (it.tick({ holdsGil: true }) === running && ticks < 100) ticks++;
  // Two grains of the kernel's clock.
  assert.ok(ticks >= 22 && ticks <= 27, `${ticks}`);
});

test('who waits is looked at less and less often, and at once when its frame changed', () => {
  const it = new Sampled();
  for (let tick = 0; tick < 1000; tick++) it.tick();
  const reads = it.kernel.reads;
  assert.ok(reads > 40 && reads < 100, `${reads}`);
  for (let tick = 0; tick < 19; tick++) it.tick();
  assert.ok(it.kernel.reads <= reads + 1);
  const before = it.kernel.reads;
  it.tick({ moved: true });
  assert.equal(it.kernel.reads, before + 1);
  const crowd = new Sampled();
  crowd.pace.threads = 1000;
  for (let tick = 0; tick < 3000; tick++) crowd.tick();
  const alone = new Sampled();
  alone.pace.threads = 10;
  for (let tick = 0; tick < 3000; tick++) alone.tick();
  assert.ok(crowd.kernel.reads * 2 < alone.kernel.reads, `${crowd.kernel.reads}, ${alone.kernel.reads}`);
});

test('samples are given all the CPU time that was used, and no more', () => {
  for (const share of [1, 0.5, 0.1]) {
    const it = new Sampled();
    const before = it.kernel.used;
    // The kernel counts in ticks of 4 ms.
    let used = 0;
    for (let tick = 0; tick < 2000; tick++) {
      const runs = (tick * share) % 1 < share;
      it.kernel.state = runs ? 'running' : 'waiting';
      if (runs) used += 1000;
      // To be given a processor counts at once.
      if (runs) it.kernel.turns++;
      it.kernel.used = before + Math.floor(used / 4000) * 4000;
      it.tick({ moved: true });
    }
    assert.ok(Math.abs(it.given - used) <= 12_000, `${it.given} of ${used} µs`);
  }
});

test('of a thread that began since the tick before the first sample is given half', () => {
  const born = new Sampled('from birth');
  const seen = new Sampled('from now');
  for (const { kernel } of [born, seen]) Object.assign(kernel, { state: 'running', used: 1800 });
  born.tick();
  seen.tick();
  assert.deepEqual([born.given, seen.given], [500, 1000]);
});

test('of a thread whose clock cannot be read nothing is said, and another look is due once', () => {
  const it = new Sampled();
  it.tick();
  it.kernel.isThere = false;
  assert.equal(it.tick({ holdsGil: true }), 0);
  assert.equal(it.tick({ holdsGil: true }), 0);
  assert.ok(it.activity.gone && it.pace.someGone);
  it.pace.someGone = false;
  for (let tick = 0; tick < 100; tick++) it.tick();
  assert.ok(!it.pace.someGone);
  it.kernel.isThere = true;
  it.kernel.state = 'running';
  for (let tick = 0; tick < 100 && it.tick() === 0; ) tick++;
  assert.ok(!it.activity.gone);
  it.activity.close();
  assert.ok(!it.kernel.isOpen);
});

test('without a clock nothing is said', () => {
  const activity = new ThreadActivity(undefined, new ActivityPace(), 'from now');
  assert.equal(activity.flags(1000, 1000, true, true, gil), 0);
  activity.close();
});

test('a thread has stood while it waits and was given no processor', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  assert.equal(it.activity.hasStood(), true);
  it.kernel.turns++;
  assert.equal(it.activity.hasStood(), false);
  it.tick({ moved: true });
  assert.equal(it.activity.hasStood(), true);
  it.kernel.state = 'running';
  it.kernel.turns++;
  it.tick({ moved: true });
  assert.equal(it.activity.hasStood(), false);
});

test('waits are told apart where the thread ran between two samples that saw it wait', () => {
  const it = new Sampled();
  const ticks = (count: number) =>
    Array.from({ length: count }, () => {
      it.tick();
      return it.woke;
    });
  assert.ok(!ticks(100).includes(true));
  it.kernel.turns++;
  // It is looked at again after an eighth of the time that it waited.
  let late = 1;
  while (!ticks(1)[0] && late < 100 / 8 + 2) late++;
  assert.ok(it.woke && late > 1, `${late}`);
  // From now on as one that began to wait, so that the next time is seen at once.
  it.kernel.turns++;
  it.tick();
  assert.ok(it.woke);
  // So soon that it is not looked at again.
  it.tick({ passed: 50, holdsGil: true });
  assert.ok(!it.woke);
  it.kernel.state = 'running';
  it.kernel.turns++;
  it.tick({ moved: true });
  it.kernel.state = 'waiting';
  it.tick();
  assert.ok(!it.woke, 'seen to run in between');
});

test('one that waits for the GIL wakes to ask for it, and that is one wait', () => {
  const it = new Sampled();
  it.kernel.waitsAt = lockStart;
  for (let tick = 0; tick < 20; tick++) {
    it.kernel.turns++;
    it.tick({ moved: true });
    assert.ok(!it.woke);
  }
});

test('what says that a thread still stands says so until it was given a processor', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  const clock = it.activity.still();
  assert.ok(clock);
  assert.ok(clock.isStill());
  it.kernel.turns++;
  assert.ok(!clock.isStill());
  assert.equal(it.activity.still(), undefined);
});

test('a thread whose turn ended as it was looked at has not stood', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  // It runs while it is copied, and waits before its second file is read.
  it.activity.hasStood();
  it.kernel.usesOnceLookedAt = 50;
  it.kernel.turns++;
  it.activity.hasStood();
  it.tick({ moved: true });
  assert.equal(it.activity.hasStood(), false);
  it.tick({ moved: true });
  assert.equal(it.activity.hasStood(), true);
});

test('a thread is paid once no tick of the same rate would give it any more', () => {
  const it = new Sampled('from birth');
  it.kernel.state = 'waiting';
  it.kernel.used = 0;
  it.tick();
  it.kernel.used += 700;
  it.tick({ moved: true });
  assert.ok(!it.activity.isPaid(1000));
  for (const passed of [1500, 500, 500]) it.activity.flagsStanding(passed);
  assert.ok(it.activity.isPaid(1500));
  for (const passed of [500, 1500]) assert.equal(cpuShareOf(it.activity.flagsStanding(passed)), 0);
});

interface Bursts {
  readonly ticks: number;
  /** Microseconds from tick to tick, of which each takes up to twice as many, as ticks do. */
  readonly passed: number;
  /** Microseconds that it runs of so many. */
  readonly runs: number;
  readonly every: number;
}

/** CPU time that the samples of such a thread were given, by whether it ran when they were taken. */
function sampleBursts(it: Sampled, { ticks, passed, runs, every }: Bursts) {
  const given = { running: 0, waiting: 0, used: 0 };
  const before = it.kernel.used;
  const began = it.time;
  const random = seededRandom(runs);
  for (let tick = 0; tick < ticks; tick++) {
    const next = 2 * passed * random();
    const time = it.time - began + next;
    it.kernel.state = time % every < runs ? 'running' : 'waiting';
    given.used = Math.floor(time / every) * runs + Math.min(runs, time % every);
    it.kernel.used = before + given.used;
    const sum = it.given;
    const state = it.tick({ passed: next, moved: true });
    given[state === running ? 'running' : 'waiting'] += it.given - sum;
  }
  return given;
}

test('CPU time that was used between samples is of what ran, not of what waited after it', () => {
  for (const runs of [500, 5000]) {
    const it = new Sampled();
    const given = sampleBursts(it, { ticks: 3000, passed: 10_000, runs, every: 9_700 });
    assert.ok(Math.abs(it.given - given.used) <= 20_000, `${it.given} of ${given.used} µs`);
    assert.ok(given.waiting < given.used / 50, `${given.waiting} of ${given.used} µs`);
  }
});

test('of a thread that is never seen to run what it used is told in the end', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  it.kernel.used += 700;
  for (let tick = 0; tick < 99; tick++) it.tick({ moved: true });
  assert.ok(it.activity.isPaid(1000), 'it may stand as it is');
  it.tick({ moved: true });
  assert.equal(it.given, 0);
  assert.ok(!it.activity.isPaid(1000));
  it.tick({ moved: true });
  assert.ok(Math.abs(it.given - 700) < 50, `${it.given} µs`);
});

test('no more is kept than four samples can have', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  it.kernel.used += 6000;
  for (let tick = 0; tick < 10; tick++) it.tick({ moved: true });
  assert.ok(Math.abs(it.given - 2000) < 50, `${it.given} µs`);
});

test('the last sample is given all that is left, however short it is', () => {
  const it = new Sampled();
  it.kernel.state = 'waiting';
  it.tick();
  it.kernel.used += 3500;
  for (let tick = 0; tick < 10; tick++) it.tick({ moved: true });
  assert.equal(it.given, 0);
  it.pace.isLast = true;
  it.tick({ passed: 100, moved: true });
  assert.ok(Math.abs(it.given - 3500) < 10, `${it.given} µs`);
});

test('of a thread that lives for a moment hardly anything is kept', () => {
  const it = new Sampled('from birth');
  it.kernel.used = 0;
  const { used } = sampleBursts(it, { ticks: 40, passed: 10_000, runs: 100, every: 9_700 });
  assert.ok(it.given > used * 0.8, `${it.given} of ${used} µs`);
});
