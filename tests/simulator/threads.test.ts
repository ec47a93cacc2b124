import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunFlag } from '../../src/model/profile.js';
import { runsOf, SampledProcess } from '../support/sampled-process.js';
import { SimulatedProcess } from './simulated-process.js';
import type { SimulatedProgram } from './simulated-python.js';

/** The work of threads, which share the functions that they call. Times are in nanoseconds. */
const program: SimulatedProgram = {
  main: ['left', 100, 'right', '.small|large', 'deep'],
  worker: ['right', 400, 'deep', '.large|small', 'other', 50],
  left: [2000, 'leaf', 500],
  right: ['leaf', 3000, 'other'],
  leaf: [300],
  other: [1500],
  deep: ['middle'],
  middle: ['left', 200, 'other'],
  // Longer than a reading: what no function on the value stack speaks for is proven by readings that hold still.
  small: [2500],
  large: [3500],
};
const looksAtNewThread = 20;

/** Numbers from 0 to 1 that are the same at each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Figures {
  /** Stacks that are not those of the thread, and not those of any thread. */
  readonly notOwn: ReadonlySet<string>;
  readonly impossible: ReadonlySet<string>;
  /** Samples of who had the GIL. */
  readonly samples: number;
  /** Of these, those of which only callers are known. */
  readonly cut: number;
  /** By how many points the shares of functions differ from the program's own account, at most. */
  readonly off: number;
}

/** Samples so many threads, of which each has the GIL for a while in turn. */
function sampled(version: 10 | 13, threads: number, ticks: number): Figures {
  const random = randomFrom(1);
  const process = new SimulatedProcess(
    version,
    program,
    Array.from({ length: threads }, (_, at) => (at % 2 === 0 ? 'main' : 'worker')),
    () => 100_000 + random() * 400_000,
  );
  const it = new SampledProcess({
    ...{ memory: process, location: process.location, kernel: process.kernel },
    clock: () => process.now / 1000,
  });
  for (let look = 0; look < looksAtNewThread; look++) it.sampler.refreshThreads(process.now / 1000);
  const before = new Map<string, number>();
  const add = (sums: Map<string, number>, name: string, value: number) =>
    sums.set(name, (sums.get(name) ?? 0) + value);
  for (const { self } of process.threads) for (const [name, time] of self) add(before, name, time);
  for (let tick = 0; tick < ticks; tick++) {
    process.pass(20_000 * (0.5 + random()));
    it.tickAt(process.now / 1000);
    if (tick % 100 === 0) it.sampler.review(process.now / 1000);
  }
  const profile = it.profile();
  const held = new Map<string, number>();
  const [notOwn, impossible] = [new Set<string>(), new Set<string>()];
  const all = new Set(process.threads.flatMap(({ stacks }) => [...stacks]));
  for (const run of runsOf(profile)) {
    const names = run.stack.map((line) => line.slice(0, line.lastIndexOf(':'))).reverse();
    const stack = names.join(' ');
    const { stacks } = process.threadOf(profile.threads[run.thread]!.threadId);
    if (names.at(-1) !== '<unread>' && !stacks.has(stack)) notOwn.add(stack);
    if (names.at(-1) !== '<unread>' && !all.has(stack)) impossible.add(stack);
    if ((run.flags & RunFlag.holdsGil) !== 0) add(held, names.at(-1) ?? '', run.samples);
  }
  const self = new Map<string, number>();
  for (const thread of process.threads) for (const [name, time] of thread.self) add(self, name, time);
  for (const [name, time] of before) add(self, name, -time);
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  const [time, samples] = [sum(self.values()), sum(held.values())];
  const off = Math.max(
    ...[...self].map(([name, own]) => Math.abs((held.get(name) ?? 0) / samples - own / time) * 100),
  );
  const counts = it.verdicts.toJSON();
  const cut = sum(['callers alone', 'part', 'names unknown'].map((rule) => counts[rule] ?? 0));
  return { notOwn, impossible, samples, cut, off };
}

for (const version of [10, 13] as const)
  for (const threads of [1, 4, 150])
    test(`${threads} threads have stacks and shares that are as right as those of one, on 3.${version}`, () => {
      const ticks = threads > 4 && version === 10 ? 250 : 700;
      const { notOwn, impossible, samples, cut, off } = sampled(version, threads, ticks);
      assert.equal(samples, ticks);
      assert.deepEqual([...impossible], []);
      assert.deepEqual([...notOwn], []);
      // 0 to 1.1 % with each number of threads.
      assert.ok(cut <= ticks * 0.025, `${cut} cut`);
      // Four standard errors of a share of a half.
      const chance = (4 * 50) / Math.sqrt(samples);
      assert.ok(off < chance, `${off} of ${chance} points`);
    });
