import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuShareOf, type Profile, RunFlag } from '../../src/model/profile.js';
import { changingImage } from '../support/changing-image.js';
import { python2Fixture, snapshotWithVariables, stateFixtures } from '../support/images.js';
import { runsOf, type ShownRun } from '../support/sampled-process.js';

const { holdsGil, running, waiting, waitsForGil, collecting } = RunFlag;
/** Times of a recording are rounded to a 64th of its period, microseconds. */
const grain = 1000 / 64;
const states = holdsGil | running | waiting | waitsForGil | collecting;

/** By id of the kernel, the runs of each thread. */
function byThread(profile: Profile): Map<number, ShownRun[]> {
  const runs = new Map<number, ShownRun[]>();
  for (const run of runsOf(profile)) {
    const { threadId } = profile.threads[run.thread]!;
    runs.set(threadId, [...(runs.get(threadId) ?? []), run]);
  }
  return runs;
}

const lastOf = (profile: Profile, threadId: number) => byThread(profile).get(threadId)!.at(-1)!;

for (const fixture of [python2Fixture, ...stateFixtures]) {
  test(`sampling the image ${fixture.name} shows each thread as a dump does`, () => {
    const { target, sample } = changingImage(fixture);
    const it = sample();
    it.ticks(20);
    const profile = it.profile();
    const runs = byThread(profile);
    const { threads } = snapshotWithVariables(target)!;
    assert.equal(runs.size, threads.length);
    for (const { threadId, name, frames } of threads) {
      const expected = frames.map(({ qualifiedName, line }) => `${qualifiedName}:${line}`);
      const seen = runs.get(threadId)!;
      assert.equal(profile.threads[seen[0]!.thread]!.name, name);
      assert.deepEqual(seen.at(-1)!.stack, expected);
      // Which C function is called may need more than one look; Python functions do not.
      for (const { stack, flags } of seen) {
        const python = (lines: readonly string[]) => lines.filter((line) => !line.endsWith(':0'));
        assert.deepEqual(python(stack), python(expected));
        assert.equal(flags & states, waiting);
      }
      assert.equal(
        seen.reduce((sum, { samples }) => sum + samples, 0),
        20,
      );
    }
    assert.equal(it.losses.torn, 0);
  });
}

/** Frames that are objects, frames in chunks, a GIL of each interpreter, and offsets that Python itself gives. */
const oneOfEachKind = stateFixtures.filter(
  ({ minor, isFreeThreaded }) => !isFreeThreaded && [8, 11, 12, 15].includes(minor),
);

for (const fixture of stateFixtures.filter(({ isFreeThreaded }) => isFreeThreaded)) {
  test(`without a GIL all threads of ${fixture.name} are read at every tick`, () => {
    const { sample, threadStates, read, handOn } = changingImage(fixture);
    handOn(threadStates[2]!);
    const it = sample();
    it.ticks(50);
    read();
    for (let tick = 0; tick < 20; tick++) {
      it.tick();
      assert.deepEqual(read(), threadStates);
    }
  });
}

for (const fixture of [python2Fixture, ...oneOfEachKind]) {
  test(`who has the GIL of ${fixture.name}, who waits for it and who collects is in the samples`, () => {
    const { sample, threadStates, target, kernel, handOn, hold, collect, lock } = changingImage(fixture);
    // The newest come first in memory, as the ids of the kernel count up.
    const ids = [...target.threads!.ids.all()].sort((a, b) => b - a);
    const [holder, waiter, other] = [ids[3]!, ids[4]!, ids[5]!];
    handOn(threadStates[3]!);
    hold(threadStates[3]!);
    kernel.at(holder).state = 'running';
    kernel.at(waiter).waitsAt = lock;
    const it = sample();
    it.ticks(5);
    assert.equal(lastOf(it.profile(), holder).flags & states, holdsGil | running);
    assert.equal(lastOf(it.profile(), waiter).flags & states, waiting | waitsForGil);
    assert.equal(lastOf(it.profile(), other).flags & states, waiting);
    collect(true);
    it.ticks(5);
    assert.equal(lastOf(it.profile(), holder).flags & states, holdsGil | running | collecting);
    assert.equal(lastOf(it.profile(), other).flags & states, waiting);
    collect(false);
    hold(0);
    kernel.at(holder).state = 'waiting';
    it.ticks(30);
    assert.equal(lastOf(it.profile(), holder).flags & states, waiting);
  });
}

for (const fixture of oneOfEachKind) {
  test(`of the threads of ${fixture.name} only who had the GIL last is read, until it is handed on`, () => {
    const { sample, threadStates, read, handOn } = changingImage(fixture);
    const [first, second] = [threadStates[2]!, threadStates[5]!];
    handOn(first);
    const it = sample();
    it.ticks(50);
    read();
    const seen = [];
    for (let tick = 0; tick < 20; tick++) {
      it.tick();
      seen.push(read());
    }
    const all = seen.filter(({ length }) => length === threadStates.length);
    // Every 10 ms.
    assert.equal(all.length, 2);
    const alone = seen.filter((states) => states.length === 1 && states[0] === first);
    assert.equal(alone.length, 18);
    handOn(second);
    it.tick();
    assert.deepEqual(read(), threadStates);
    it.tick();
    read();
    it.tick();
    assert.deepEqual(read(), [second]);
  });

  test(`a thread of ${fixture.name} that is slow to begin is sampled soon after it does`, () => {
    const { sample, memory, head, threadStates, target, location } = changingImage(fixture);
    const newest = Math.max(...target.threads!.ids.all());
    const { threadId, nativeThreadId } = location.layout.threadState;
    const fields = [threadId, nativeThreadId].filter((offset) => offset >= 0);
    const own = fields.map((offset) => memory.get(threadStates[0]! + offset));
    memory.set(head, threadStates[1]!);
    const it = sample();
    it.ticks(3);
    // Its parent makes it with its own ids, or without any.
    for (const offset of fields)
      memory.set(
        threadStates[0]! + offset,
        location.layout.minor < 12 ? memory.get(threadStates[1]! + offset) : 0,
      );
    memory.set(head, threadStates[0]!);
    it.ticks(100);
    assert.ok(!byThread(it.profile()).has(newest));
    for (const [at, offset] of fields.entries()) memory.set(threadStates[0]! + offset, own[at]!);
    it.ticks(15);
    assert.ok(byThread(it.profile()).has(newest));
  });

  test(`a thread of ${fixture.name} that ended is sampled no more, one that began is sampled in that tick`, () => {
    const { sample, memory, head, threadStates, target, kernel } = changingImage(fixture);
    const newest = Math.max(...target.threads!.ids.all());
    memory.set(head, threadStates[1]!);
    const it = sample();
    assert.equal(it.sampler.threadCount, threadStates.length - 1);
    it.ticks(3);
    assert.ok(!byThread(it.profile()).has(newest));
    memory.set(head, threadStates[0]!);
    it.tick();
    assert.equal(it.sampler.threadCount, threadStates.length);
    const begun = lastOf(it.profile(), newest);
    assert.equal(begun.samples, 1);
    assert.ok(Math.abs(begun.start - 3000) <= grain, `${begun.start}`);
    it.ticks(4);
    memory.set(head, threadStates[1]!);
    kernel.at(newest).isThere = false;
    it.ticks(5);
    const samples = byThread(it.profile())
      .get(newest)!
      .reduce((sum, run) => sum + run.samples, 0);
    assert.equal(samples, 5);
    assert.equal(it.sampler.threadCount, threadStates.length - 1);
    assert.ok(!kernel.at(newest).isOpen);
  });

  test(`the CPU time of a thread of ${fixture.name} is in its samples, and that of others beside them`, () => {
    const { sample, target, kernel } = changingImage(fixture);
    const [id] = target.threads!.ids.all();
    const it = sample();
    kernel.add(1_000_000).name = 'blas';
    it.sampler.finish(it.time);
    const before = it.sampler.recordedCpu;
    kernel.at(id!).state = 'running';
    for (let tick = 0; tick < 40; tick++) {
      kernel.at(id!).used += 500;
      it.tick();
      it.tick();
    }
    const used = it.sampler.recordedCpu - before;
    assert.ok(Math.abs(used - 20_000) <= 12_000, `${used} µs`);
    kernel.at(1_000_000).used += 40_000;
    it.sampler.finish(it.time);
    const profile = it.profile();
    const runs = runsOf(profile);
    const given = runs.reduce((sum, { duration, flags }) => sum + duration * cpuShareOf(flags), 0);
    assert.ok(Math.abs(given - used) <= runs.length * grain, `${given}, ${used}`);
    assert.deepEqual(
      profile.otherThreads.map(({ name, cpu }) => [name, cpu]),
      [['blas', 40_000]],
    );
    it.sampler.close();
    for (const { isOpen } of kernel.byId.values()) assert.ok(!isOpen);
  });

  test(`when memory of ${fixture.name} cannot be read any more, the threads that do not need it go on, until it is gone`, () => {
    const { sample, memory, threadStates, head } = changingImage(fixture);
    const it = sample();
    it.ticks(5);
    // The newest thread's state is freed, and the list begins with the next one.
    memory.set(head, threadStates[1]!);
    memory.unmap(threadStates[0]!, 64);
    assert.ok(it.tick());
    assert.equal(it.sampler.threadCount, threadStates.length - 1);
    const profile = it.profile();
    for (const runs of [...byThread(profile).values()].slice(1)) {
      assert.equal(
        runs.reduce((sum, { samples }) => sum + samples, 0),
        6,
      );
      assert.ok(runs.at(-1)!.stack.length > 0);
    }
    memory.ended = true;
    assert.ok(!it.tick());
  });
}
