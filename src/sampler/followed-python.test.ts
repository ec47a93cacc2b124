import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingImage } from '../../tests/support/changing-image.js';
import { stateFixtures } from '../../tests/support/images.js';
import { readPointer } from '../memory/pointers.js';
import { FollowedPython } from './followed-python.js';

/** A process that was found before it ran anything, for so many milliseconds a newcomer; and what lets it run. */
function found(newFor: number) {
  const image = changingImage(stateFixtures.at(-1)!);
  const { memory, location, threadStates } = image;
  const frames = threadStates.map((state) => state + location.layout.threadState.frame);
  const pointers = frames.map((at) => readPointer(memory, at));
  for (const at of frames) memory.set(at, 0);
  const process = image.sample();
  const { sampler } = process;
  const live = { memory, way: 'process_vm_readv' as const, close: () => {} };
  const known = { facts: undefined, mark: undefined, newFor };
  const followed = new FollowedPython(1, { live, location }, sampler, 0, known);
  let time = 0;
  return {
    ...{ followed, sampler },
    /** Of its threads so many. */
    run(threads = frames.length) {
      for (const [index, at] of frames.slice(0, threads).entries()) memory.set(at, pointers[index]!);
    },
    begin() {
      const { size } = sampler.codes;
      for (; !followed.isBegun; time++) followed.begin(time);
      return sampler.codes.size - size;
    },
    sample() {
      process.time = ++time * 1000;
      followed.sample(time);
    },
  };
}

test('what a newcomer runs is learnt before each sample until one shows nothing new', () => {
  const it = found(1000);
  assert.equal(it.begin(), 0);
  it.sample();
  assert.equal(it.followed.isBegun, false);
  it.run(1);
  assert.ok(it.begin() > 0);
  it.sample();
  assert.equal(it.followed.isBegun, true);
  it.run();
  // Not all threads are read at each tick.
  for (let tick = 0; tick < 100 && it.followed.isBegun; tick++) it.sample();
  assert.equal(it.followed.isBegun, false);
});

test('what is no newcomer any more is sampled at every tick, whatever is new', () => {
  const it = found(3);
  it.begin();
  for (let tick = 0; tick < 3; tick++) it.sample();
  it.run();
  it.sample();
  assert.ok(it.sampler.codes.size > 2);
  assert.equal(it.followed.isBegun, true);
});
