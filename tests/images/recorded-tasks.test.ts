import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAsyncioDebug } from '../../src/cpython/asyncio/debug-section.js';
import { shortFileName } from '../../src/process/short-file-name.js';
import { changingImage } from '../support/changing-image.js';
import { countingMemory } from '../support/counting-memory.js';
import {
  geventFixture,
  type ImageFixture,
  stateFixtures,
  taskFixtures,
  trioFixture,
} from '../support/images.js';
import { runsOf, SampledProcess } from '../support/sampled-process.js';

/** Ticks, and microseconds of one. */
const second = [100, 10_000] as const;

function sampleOf(fixture: ImageFixture, tasks: boolean) {
  const { target, location, memory, kernel } = changingImage(fixture);
  const counting = countingMemory(memory);
  const findDebug = () => findAsyncioDebug(target.files(), target.memory, location.image);
  const shortName = (name: string) => shortFileName(name, () => false);
  const it = new SampledProcess({
    ...{ memory: counting, location, kernel, tasks, findDebug },
    shortFileName: shortName,
  });
  return { it, reads: () => counting.reads };
}

for (const fixture of taskFixtures)
  test(`suspended tasks of ${fixture.name} wait all the time`, () => {
    const { it } = sampleOf(fixture, true);
    it.ticks(...second);
    it.sampler.finish(it.time);
    const profile = it.profile();
    assert.equal(it.losses.unreadTasks, 0);
    const ofTasks = runsOf(profile).filter(({ thread }) => profile.threads[thread]!.isTask);
    assert.ok(ofTasks.length > 3);
    for (const { duration, stack } of ofTasks) {
      assert.ok(Math.abs(duration - it.time) < 10_000, `${stack}: ${duration}`);
      assert.ok(
        stack.every((frame) => !frame.startsWith('<un')),
        String(stack),
      );
    }
    const rows = profile.threads.filter(({ isTask }) => isTask);
    assert.equal(rows.length, ofTasks.length);
  });

test('where there is no asyncio, tasks cost some reads a look', () => {
  for (const fixture of stateFixtures.filter(({ name }) => /3\.(?:8|12|14)$/.test(name))) {
    const [without, with_] = [sampleOf(fixture, false), sampleOf(fixture, true)];
    const readsOf = ({ it, reads }: typeof without) => {
      // Modules are looked through once, and again when there are more.
      it.ticks(...second);
      const before = reads();
      it.ticks(...second);
      return reads() - before;
    };
    const more = readsOf(with_) - readsOf(without);
    assert.ok(more < 50, `${fixture.name}: ${more} reads more`);
    assert.ok(!with_.it.profile().threads.some(({ isTask }) => isTask));
  }
});

/** What suspended tasks of the image show, innermost first, by name; each of all the time but for the beginning. */
function waitingIn(fixture: ImageFixture) {
  const { it } = sampleOf(fixture, true);
  it.ticks(...second);
  it.sampler.finish(it.time);
  const profile = it.profile();
  assert.equal(it.losses.unreadTasks, 0);
  const rows: Record<string, string> = {};
  for (const { thread, stack, duration } of runsOf(profile)) {
    const { isTask, name } = profile.threads[thread]!;
    if (!isTask) continue;
    assert.ok(duration > 0.8 * it.time, `${name}: ${duration}`);
    rows[name] = stack.map((frame) => frame.replace(/:\d+$/, '')).join(' < ');
  }
  return rows;
}

test('suspended greenlets wait under their names, the hub does not', () => {
  assert.deepEqual(waitingIn(geventFixture), {
    'main greenlet': '<module>',
    waits: 'sleep < waits',
    'a sleeper': 'sleep < waits',
    elsewhere: 'elsewhere',
  });
});

test('suspended tasks of trio wait, those that wait for a nursery do not', () => {
  const slept = '_real_async_yield < wait_task_rescheduled < sleep_forever < sleep_until < sleep < sleeps';
  const waiting = waitingIn(trioFixture);
  assert.deepEqual(Object.keys(waiting).sort(), [
    ...['__main__.locks', '__main__.receives', '__main__.sleeps', '__main__.waits'],
  ]);
  assert.equal(waiting['__main__.sleeps'], slept);
  assert.match(waiting['__main__.receives']!, /^<waiting for work> < .* < receives$/);
});
