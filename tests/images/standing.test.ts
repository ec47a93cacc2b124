import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuShareOf, RunFlag } from '../../src/model/profile.js';
import { clockGrain } from '../../src/process/thread-clock.js';
import { changingImage } from '../support/changing-image.js';
import { greenletFixtures, type ImageFixture, requestFixtures } from '../support/images.js';
import { runsOf } from '../support/sampled-process.js';

/** With requests, which are looked after at each tick, and without, where ticks are repeated. */
const fixtures = [requestFixtures.at(-1)!, greenletFixtures.at(-1)!];
/** Microseconds from one tick to the next. */
const tick = 1000;

/** An image whose threads all wait, after so many ticks that all is known of them. */
function standing(fixture: ImageFixture) {
  const image = changingImage(fixture);
  const it = image.sample();
  it.ticks(300);
  image.read();
  return { ...image, it };
}

for (const fixture of fixtures) {
  test(`threads that stand are sampled without being read (${fixture.name})`, () => {
    const { it, read } = standing(fixture);
    const before = [...runsOf(it.profile())];
    let readings = 0;
    for (let at = 0; at < 2000; at++) {
      it.tick(tick);
      if (read().length > 0) readings++;
    }
    // Once a second, and more often at first.
    assert.ok(readings >= 1 && readings <= 4, `${readings} readings in 2 s`);
    const after = [...runsOf(it.profile())];
    const samples = (runs: typeof after) => runs.reduce((sum, run) => sum + run.samples, 0);
    const threads = new Set(after.map(({ thread }) => thread)).size;
    assert.equal(samples(after) - samples(before), 2000 * threads);
    for (const { flags } of after) assert.ok(flags & RunFlag.waiting);
  });

  test(`a thread that woke is read in that very tick (${fixture.name})`, () => {
    const { it, memory, threadStates, location, read, handOn } = standing(fixture);
    it.tick(tick);
    for (const state of threadStates) {
      const frame = state + location.layout.threadState.frame;
      const before = memory.get(frame);
      for (const now of [0, before]) {
        read();
        memory.set(frame, now);
        handOn(state);
        it.tick(tick);
        assert.ok(read().includes(state));
        it.tick(tick);
      }
    }
  });

  test(`a process with a thread that runs no Python is read at each tick (${fixture.name})`, () => {
    const { it, kernel, read } = standing(fixture);
    kernel.add(9999);
    kernel.wake();
    it.ticks(3);
    read();
    for (let at = 0; at < 20; at++) {
      it.tick(tick);
      assert.ok(read().length > 0);
    }
  });

  test(`CPU time that a thread used before it stood is recorded once it runs (${fixture.name})`, () => {
    const { it, kernel } = standing(fixture);
    const cpu = () => it.sampler.recordedCpu;
    const before = cpu();
    const threads = [...kernel.byId.values()];
    for (const thread of threads) thread.used += 3000;
    it.ticks(90, 10_000);
    assert.equal(cpu(), before);
    for (let at = 0; at < 10; at++) {
      for (const thread of threads) Object.assign(thread, { state: 'running', used: thread.used + 10_000 });
      it.tick(10_000);
    }
    const ahead = (cpu() - before) / threads.length - 103_000;
    // Shares are sixteenths of a tick.
    assert.ok(ahead > -10_000 / 16 && ahead < clockGrain, `${ahead}`);
    const { runs } = it.profile();
    let counted = 0;
    for (let run = 0; run < runs.stack.length; run++)
      counted += runs.duration.at(run) * cpuShareOf(runs.flags.at(run));
    assert.ok(Math.abs(counted - cpu()) < 1000, `${counted}, and ${cpu()} as it is sampled`);
  });
}
