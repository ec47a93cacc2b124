import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingImage } from '../support/changing-image.js';
import { python2Fixture, stateFixtures } from '../support/images.js';
import { runsOf } from '../support/sampled-process.js';

for (const fixture of [python2Fixture, ...stateFixtures])
  test(`what ${fixture.name} runs is learnt before the first sample, which is as it would have been`, () => {
    const sampled = (isAhead: boolean) => {
      const it = changingImage(fixture).sample();
      const { codes } = it.sampler;
      const learnt: number[] = [];
      if (isAhead) for (const _ of it.sampler.learnAhead()) learnt.push(codes.size);
      it.ticks(1);
      const first = codes.size;
      it.ticks(19);
      return {
        learnt,
        first,
        shown: [...runsOf(it.profile())].map(({ stack, flags }) => ({ stack, flags })),
      };
    };
    const without = sampled(false);
    const { learnt, first, shown } = sampled(true);
    assert.deepEqual(shown, without.shown);
    assert.ok(learnt.length > 2);
    // At each step one more at most. Of the image's many threads those at the end of the list are left for the sample.
    assert.ok(learnt.every((size, step) => size - (learnt[step - 1] ?? 0) <= 1));
    assert.ok(learnt.at(-1)! > first / 2, `${learnt.at(-1)} of ${first}`);
  });
