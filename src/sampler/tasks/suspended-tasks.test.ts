import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { python3_12 } from '../../cpython/layouts/python3_12.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { RecordingDecoder } from '../../recording/recording-decoder.js';
import { RecordingEncoder } from '../../recording/recording-encoder.js';
import { LookRecords } from '../look-records.js';
import { LookTime } from '../look-turns.js';
import { SuspendedTasks } from './suspended-tasks.js';
import { TaskContexts } from './task-contexts.js';
import { TaskGroups } from './task-group-name.js';
import { TaskStacks } from './task-stacks.js';

/** Microseconds. */
const tick = 1000;

/** A task whose next step is due, at the given address of its code. */
const taskNamed = (name: string, code = 0x5000): ReadTask => ({
  ...{ address: 0x1000, name, loop: 0, state: 'ready', isCancelling: false, coroutine: 0x2000 },
  ...{ frames: [{ object: 0x2000, frame: 0x2050, code, instruction: 0 }], outermostFrame: 0x2050 },
  ...{ truncated: false, awaited: 0, awaitedType: '', waiter: undefined, awaitedBy: [] },
  ...{ hasCallbacks: false, callbacks: [] },
});

/**
 * Looks at tasks which a test changes, at each tick. Microseconds: `costs` of the next look, `late` by which it comes
 * after the moment of its tick, `step` that each of its `steps` takes, of which so many were `taken`.
 */
function begin() {
  const it = {
    now: 0,
    tasks: [] as ReadTask[],
    costs: 0,
    late: 0,
    stoodSince: Number.POSITIVE_INFINITY,
    looks: [] as number[],
    steps: 1,
    step: 0,
    taken: 0,
  };
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: '' });
  const layout = python3_12;
  const codes = {
    at: () => undefined,
    frame: (code: number) => {
      const names = { name: String(code), qualifiedName: String(code), file: '', shortFile: '' };
      return encoder.defineFrame(encoder.defineFunction({ kind: 'python', ...names, firstLine: 0 }), 0);
    },
    lasting: (addresses: Iterable<number>) => new Set(addresses),
  };
  let used = 0;
  const reader = {
    *reading({ onCopied }: { onCopied?: () => void }) {
      it.looks.push(it.now + it.late);
      used += it.costs;
      const { tasks } = it;
      onCopied?.();
      for (let left = it.steps; left > 0; left--) {
        yield;
        it.late += it.step;
        used += it.step;
        it.taken++;
      }
      return { tasks, unread: 0, isComplete: true };
    },
    readOne: () => undefined,
    renew: () => {},
    unchanged: (tasks: Iterable<ReadTask>) => new Set(tasks),
  };
  const stacks = new TaskStacks({
    ...{ memory: new FakeMemory(), layout, codes, encoder, hasRequest: () => false },
    reader: { asyncio: undefined, kinds: undefined as never },
  });
  const time = new LookTime();
  const suspended = new SuspendedTasks({
    records: LookRecords.ofTasks(encoder),
    firstLook: 0,
    ...{ reader, stacks, codes, encoder, contexts: new TaskContexts(encoder), groups: new TaskGroups() },
    process: encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' }),
    ...{ losses: { unreadTasks: 0 }, labels: () => 0, time, cpu: () => used, clock: () => it.now + it.late },
  });
  /** Ticks until so many more looks were made. */
  const looks = (count: number) => {
    for (const until = it.looks.length + count; it.looks.length < until; ) ticks(1);
  };
  const ticks = (count: number) => {
    for (let at = 0; at < count; at++, it.now += tick) {
      time.tick(it.now);
      suspended.look(it.now, it.stoodSince);
    }
  };
  const runs = () => {
    const decoder = new RecordingDecoder();
    for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) decoder.feed(block);
    const { threads, runs } = decoder.snapshot();
    return Array.from({ length: runs.stack.length }, (_, run) => ({
      row: runs.thread.at(run),
      name: threads[runs.thread.at(run)]!.name,
      start: runs.start.at(run),
      end: runs.start.at(run) + runs.duration.at(run),
    })).sort((a, b) => a.start - b.start);
  };
  return {
    it,
    looks,
    ticks,
    isLooking: () => suspended.isLooking,
    runs,
    finish: () => suspended.finish(it.now),
  };
}

/** The middle between a look and the next one. */
const middle = (looks: readonly number[], look: number) => (looks[look]! + looks[look + 1]!) / 2;

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 2 * tick, `${actual} is not ${expected}`);
}

test('what began or ended between two looks did so in the middle, however rare they are', () => {
  const { it, looks, runs, finish } = begin();
  looks(20);
  // The look before what begins is the longest of all.
  it.costs = 100_000;
  looks(1);
  it.costs = 0;
  it.tasks = [taskNamed('a')];
  looks(2);
  it.tasks = [taskNamed('b', 0x6000)];
  looks(3);
  it.tasks = [];
  // Its tick took long before it.
  it.late = 30_000;
  looks(1);
  it.late = 0;
  looks(1);
  finish();
  const [a, b, ...others] = runs();
  assert.deepEqual([a!.name, b!.name, others], ['a', 'b', []]);
  assert.ok(it.looks[21]! - it.looks[20]! > 300_000, 'looks are the rarer the more they cost');
  assertNear(a!.start, middle(it.looks, 20));
  assertNear(a!.end, middle(it.looks, 22));
  assertNear(b!.start, middle(it.looks, 22));
  assertNear(b!.end, middle(it.looks, 25));
});

test('tasks that are there from the beginning to the end have the whole time', () => {
  for (const more of [0, 40_000]) {
    const { it, looks, runs, finish } = begin();
    it.tasks = [taskNamed('a')];
    it.now += 30_000;
    looks(3);
    it.now += more;
    finish();
    const [run, ...others] = runs();
    assert.deepEqual(others, []);
    assertNear(run!.start, 0);
    assertNear(run!.end, it.now);
  }
});

test('the row of a task that is gone is that of the next one of its name', () => {
  const { it, looks, runs, finish } = begin();
  it.tasks = [taskNamed('a-1')];
  looks(2);
  it.tasks = [];
  looks(2);
  it.tasks = [{ ...taskNamed('a-2'), address: 0x9000 }];
  looks(2);
  finish();
  assert.deepEqual(
    runs().map(({ row, name }) => [row, name]),
    [
      [0, 'a-#'],
      [0, 'a-#'],
    ],
  );
});

test('a task that comes back as it was does not get the row that another one has by now', () => {
  const { it, looks, runs, finish } = begin();
  const back = { ...taskNamed('a-1'), state: 'ready' as ReadTask['state'] };
  const others = [0x8000, 0x9000].map((address) => ({ ...taskNamed('a-2'), address }));
  it.tasks = [back];
  looks(2);
  // While it runs it has no row: another one gets it.
  back.state = 'running';
  looks(2);
  it.tasks = [back, others[0]!];
  looks(2);
  back.state = 'ready';
  it.tasks = [back, ...others];
  looks(2);
  finish();
  const found = runs();
  const last = Math.max(...found.map(({ end }) => end));
  const rows = found.filter(({ end }) => end === last).map(({ row }) => row);
  assert.deepEqual(rows.sort(), [0, 1, 2]);
});

test('while a process without tasks stands, none is looked for; what begins then began of late', () => {
  const { it, looks, ticks, runs, finish } = begin();
  looks(1);
  it.tasks = [taskNamed('a')];
  looks(1);
  // There are tasks: time passes for them also while it stands.
  it.stoodSince = 0;
  looks(3);
  it.tasks = [];
  looks(1);
  const ofA = it.looks.length;
  ticks(2000);
  assert.equal(it.looks.length, ofA);
  it.stoodSince = Number.POSITIVE_INFINITY;
  it.tasks = [taskNamed('b', 0x6000)];
  const moved = it.now;
  looks(2);
  finish();
  const [a, b, ...others] = runs();
  assert.deepEqual([a!.name, b!.name, others], ['a', 'b', []]);
  assertNear(a!.end, middle(it.looks, ofA - 2));
  assert.ok(b!.start > moved - 100_000, 'it counts for the time in which it stood');
  it.tasks = [];
  looks(1);
  // It moved after it was looked at, though it stands again.
  it.stoodSince = it.now;
  looks(1);
});

test('a look that takes longer than there is between two ticks goes on after the next one', () => {
  const { it, looks, ticks, isLooking, runs, finish } = begin();
  it.tasks = [taskNamed('a')];
  looks(20);
  [it.steps, it.taken] = [500, 0];
  it.step = 50;
  looks(1);
  assert.ok(it.taken <= 400, `${it.taken} steps of 50 µs in the first turn`);
  const began = it.looks.at(-1)!;
  let count = 1;
  for (; isLooking(); count++) {
    const before = it.taken;
    it.late = 0;
    ticks(1);
    assert.ok(it.taken - before <= 7, `${it.taken - before} steps of 50 µs after a tick`);
  }
  assert.ok(count >= 100 / 7, `${count} ticks`);
  assert.equal(it.looks.at(-1), began, 'it is one look');
  it.tasks = [];
  it.late = 0;
  looks(1);
  finish();
  const [run, ...others] = runs();
  assert.deepEqual(others, []);
  assertNear(run!.end, middle(it.looks, 20));
});

test('at the end a look that is under way is finished', () => {
  const { it, looks, isLooking, runs, finish } = begin();
  it.tasks = [taskNamed('a')];
  looks(3);
  [it.steps, it.step] = [500, 50];
  looks(1);
  assert.equal(isLooking(), true);
  finish();
  assert.equal(isLooking(), false);
  assertNear(runs()[0]!.end, it.now);
});
