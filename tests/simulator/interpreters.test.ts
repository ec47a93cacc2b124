import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runsOf, SampledProcess } from '../support/sampled-process.js';
import { SimulatedProcess } from './simulated-process.js';

/** Times are in nanoseconds. */
const program = { main: [5000, 'leaf'], inner: [5000, 'leaf'], leaf: [5000] };

/** Samples by stack, outermost first, of a thread that runs one interpreter within another. */
function sampled(version: 10 | 13): { readonly stacks: Map<string, number>; readonly threads: number } {
  const process = new SimulatedProcess(version, program, ['main', 'inner'], () => 50_000);
  process.nest();
  const it = new SampledProcess({
    ...{ memory: process, location: process.location, kernel: process.kernel },
    clock: () => process.now / 1000,
  });
  for (let tick = 0; tick < 300; tick++) {
    process.pass(20_000 + (tick % 7) * 1000);
    it.tickAt(process.now / 1000);
  }
  const stacks = new Map<string, number>();
  const profile = it.profile();
  for (const { stack, samples } of runsOf(profile)) {
    const names = stack.map((line) => line.slice(0, line.lastIndexOf(':'))).reverse();
    stacks.set(names.join(' '), (stacks.get(names.join(' ')) ?? 0) + samples);
  }
  return { stacks, threads: profile.threads.length };
}

test('what a thread runs in an inner interpreter is below what it runs in the outer one, and counts once', () => {
  const { stacks, threads } = sampled(13);
  assert.equal(threads, 1);
  // Nothing of these stacks says how the inner one was entered.
  const possible = ['main', 'main leaf'].flatMap((outer) =>
    ['inner', 'inner leaf'].map((inner) => `${outer} <unread> ${inner}`),
  );
  assert.deepEqual([...stacks.keys()].sort(), possible.sort());
  assert.equal(
    [...stacks.values()].reduce((sum, samples) => sum + samples, 0),
    300,
  );
});

test('up to 3.12, an inner stack of which the thread is not known is left out', () => {
  const { stacks, threads } = sampled(10);
  assert.equal(threads, 1);
  assert.deepEqual([...stacks.keys()].sort(), ['main', 'main leaf']);
  assert.equal(
    [...stacks.values()].reduce((sum, samples) => sum + samples, 0),
    300,
  );
});
