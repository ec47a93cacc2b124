import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingImage } from '../support/changing-image.js';
import { requestFixtures } from '../support/images.js';
import { runsOf } from '../support/sampled-process.js';

for (const fixture of requestFixtures)
  test(`the only frame of a thread of ${fixture.name} is found though C functions call deep down`, () => {
    const it = changingImage(fixture).sample();
    it.ticks(50, 10_000);
    const profile = it.profile();
    const stacks = runsOf(profile)
      .filter(({ thread }) => profile.threads[thread]!.name === 'MainThread')
      .map(({ stack }) => stack.filter((frame) => !frame.endsWith(':0')));
    // It waits for input, in functions of `io` that call one another and count up to 3.10.
    assert.ok(stacks.length > 0);
    for (const stack of stacks) assert.match(stack.join(), /^<module>:\d+$/);
    assert.equal(it.losses.torn, 0);
  });
