import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../src/sampler/stacks/verdicts.js';
import { type Sampled, sample } from './sample.js';
import { type SimulatedProgram, SimulatedPython } from './simulated-python.js';

/** Short functions that call each other in turn, from several sites. Times are in nanoseconds. */
const turns: SimulatedProgram = {
  main: ['left', 100, 'right', 'deep'],
  left: [2000, 'leaf', 500],
  right: ['leaf', 3000, 'other'],
  leaf: [300],
  other: [1500],
  deep: ['middle'],
  middle: ['left', 200, 'other'],
};

/** Numbers from 0 to 1 that are the same at each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** By how many points the shares of functions differ from the program's own account, at most. */
function mostOff(python: SimulatedPython, { self, samples }: Sampled): number {
  const total = [...python.self.values()].reduce((sum, time) => sum + time, 0);
  return Math.max(
    ...[...python.self].map(([name, time]) => Math.abs((self.get(name) ?? 0) / samples - time / total) * 100),
  );
}

for (const version of [10, 13] as const)
  for (const seed of [1, 2])
    test(`stacks and shares are those of a program that runs while it is read, on 3.${version}, seed ${seed}`, () => {
      const python = new SimulatedPython(version, turns);
      const sampled = sample(python, 10_000, 20_000, randomFrom(seed));
      assert.deepEqual([...sampled.examples], []);
      assert.ok(mostOff(python, sampled) < 1.5, `${mostOff(python, sampled)} points`);
      const found = rules.map((rule) => sampled.verdicts[rule] ?? 0);
      assert.equal(
        found.reduce((sum, count) => sum + count, 0),
        sampled.samples,
      );
      assert.ok(sampled.verdicts['as copied']! > sampled.samples * 0.8);
      assert.ok(sampled.losses.torn <= 10, `${sampled.losses.torn} torn`);
    });

for (const version of [10, 13] as const)
  test(`shares are true as well when no sample may be read again and again, on 3.${version}`, () => {
    const python = new SimulatedPython(version, turns);
    const sampled = sample(python, 10_000, 20_000, randomFrom(1), true);
    assert.deepEqual([...sampled.examples], []);
    assert.ok(mostOff(python, sampled) < 1.5, `${mostOff(python, sampled)} points`);
    assert.ok(sampled.losses.torn <= 10, `${sampled.losses.torn} torn`);
    assert.ok(sampled.losses.retried < 100, `${sampled.losses.retried} readings`);
  });
