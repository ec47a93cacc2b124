import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreadStack } from '../../cpython/stack/thread-stack.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { emptyNode } from '../stacks/stack-tree.js';
import type { FoundAnchor } from './anchors-of-stacks.js';
import { AskAgain } from './ask-again.js';
import { PoolRequests } from './pool-requests.js';
import { newRequest, type RequestInHand } from './request-in-hand.js';
import type { RequestThread } from './request-thread.js';
import { noTasks } from './tasks-of-requests.js';

const slots = new Map([['future', { index: 0, mayBeCell: false }]]);
const path = { variable: 'future', steps: [] };
const anchored = { anchor: { future: path }, code: 1, isResumed: false, slots } as unknown as FoundAnchor;
const frame = 0x5000;
const words = new Uint32Array(1);

/**
 * One thread of a pool. `copied` is the future in the copy, `now` that in memory; `tasks` are by address, with what
 * they wait for. `late`: microseconds from the copy to what is read.
 */
function begin() {
  const it = {
    ...{ time: 0, late: 300, copied: 0, now: 0, isOver: false, hasStood: false, looks: 0, asked: 0 },
    ...{ isReplaced: false, allAsked: 0 },
    tasks: new Map<number, { name: string; waiter: number; request: RequestInHand | undefined }>(),
    // Of its frames within the pool's, the innermost first.
    codesCopied: [30, 20, 10] as number[] | undefined,
    codesNow: [30, 20, 10] as number[] | undefined,
  };
  const thread: RequestThread = {
    ...{ stack: {} as ThreadStack, node: emptyNode, currentFrame: 0, request: undefined },
    ...{ activity: { hasStood: () => it.hasStood }, before: new Map(), ask: new AskAgain() },
    ...{ pool: undefined, worksFor: undefined },
  };
  const waitingFor = (future: number) =>
    [...it.tasks].flatMap(([task, { waiter }]) => (waiter === future ? [task] : []));
  const pools = new PoolRequests({
    memory: new FakeMemory(),
    search: {
      variableInCopy: () => it.copied,
      codesWithinInCopy: () => it.codesCopied,
      codesWithin: () => it.codesNow,
    },
    reader: {
      beginMoment: () => {},
      objectAt: (_found: unknown, _frame: unknown, _path: unknown, copied?: number) => copied ?? it.now,
    },
    contents: { isStill: () => !it.isOver },
    tasks: () => ({
      ...noTasks,
      nameOf: (task) => it.tasks.get(task)?.name ?? '',
      waiterOf: (task) => (it.isReplaced ? 0xb00 : (it.tasks.get(task)?.waiter ?? 0)),
      // The first one who asks is early.
      allAwaiting: (future) => (it.isReplaced && it.allAsked++ > 0 ? [] : waitingFor(future)),
      waitingNow: () => {
        it.looks++;
        return new Map();
      },
      awaiting: (future, known = waitingFor(future)) => {
        it.asked++;
        return it.tasks.get(known[0] ?? 0)?.request;
      },
    }),
    clock: () => it.time + it.late,
    moment: { lookedAt: 0 },
  });
  /** A tick: what is read at once, and what is found later. */
  const sample = (isReadAgain = false) => {
    it.time += 10_000;
    pools.look([thread], () => true, words, it.time);
    pools.begin();
    const found = pools.of(thread, isReadAgain ? undefined : words, anchored, frame, it.time);
    const { isProven } = pools;
    const request = typeof found === 'object' ? found : undefined;
    if (request) thread.ask.found();
    else thread.ask.missed(pools.missing, it.time, found === 'unknown' ? found : undefined);
    return { request, isProven };
  };
  const add = (task: number, waiter: number, isWholeTask = true) => {
    const request = { ...newRequest(`${task}`, task, 0), task, taskName: `Task-${task}`, isWholeTask };
    it.tasks.set(task, { name: `Task-${task}`, waiter, request });
    return request;
  };
  const works = (future: number) => {
    it.copied = future;
    it.now = future;
  };
  // An idle thread is known to be one of a pool.
  sample();
  return { it, thread, sample, add, works };
}

test('for whom a thread works is known though all else takes long', () => {
  const { it, sample, add, works } = begin();
  const request = add(1, 0x900);
  works(0x900);
  assert.deepEqual(sample(), { request, isProven: true });
  // Another request, for which the thread works in the same frame.
  it.tasks.clear();
  const next = add(2, 0xa00);
  works(0xa00);
  assert.deepEqual(sample(), { request: next, isProven: true });
});

test('what is looked at too late may be of the next request, whose future lies there', () => {
  const { it, sample, add, works } = begin();
  works(0x900);
  add(2, 0x900);
  it.late = 5000;
  assert.equal(sample().isProven, false);
  // Since the copy it has waited: it has what it had.
  const other = begin();
  other.works(0x900);
  other.add(2, 0x900);
  Object.assign(other.it, { late: 5000, hasStood: true });
  assert.equal(other.sample().isProven, true);
});

test('a thread that is within another handler by now works for another request, whose future lies there', () => {
  const isProven = (codesCopied: number[] | undefined, codesNow: number[] | undefined) => {
    const { it, sample, add, works } = begin();
    works(0x900);
    add(2, 0x900);
    Object.assign(it, { codesCopied, codesNow });
    return sample().isProven;
  };
  assert.equal(isProven([30, 20, 10], [30, 21, 10]), false);
  assert.equal(isProven([20, 10], [10]), false);
  assert.equal(isProven([20, 10], []), false);
  assert.equal(isProven([50, 40, 30, 20, 10], [50, 40, 31, 20, 10]), false);
  // What the handler calls may be over.
  assert.equal(isProven([50, 40, 30, 20, 10], [31, 30, 20, 10].slice(1)), true);
  assert.equal(isProven([30, 20, 10], [20, 10]), true);
  assert.equal(isProven([10], [20, 10]), true);
  for (const missing of [
    [undefined, [10]],
    [[10], undefined],
  ] as const)
    assert.equal(isProven(missing[0]?.slice(), missing[1]?.slice()), false);
});

test('a task in whose place the next one lies by now is not who waits', () => {
  const { it, thread, sample, add, works } = begin();
  works(0x900);
  add(2, 0x900);
  // It was there when it was asked who waits, and what is read of it later is of the next one, which waits for another.
  it.isReplaced = true;
  assert.equal(sample().isProven, false);
  assert.equal(thread.pool?.task, 0);
  it.isReplaced = false;
  assert.equal(sample().isProven, true);
});

test('what a thread works for by now is not what it worked for in the copy', () => {
  const { it, sample, add } = begin();
  add(2, 0x900);
  Object.assign(it, { copied: 0x900, now: 0xa00 });
  assert.deepEqual(sample(), { request: undefined, isProven: false });
});

test('who was found too late once, and still waits at the next sample, waited at that', () => {
  const { it, sample, add, works } = begin();
  works(0x900);
  const request = add(2, 0x900);
  it.late = 5000;
  assert.equal(sample().isProven, false);
  assert.deepEqual(sample(), { request, isProven: true });
});

test('a thread that does something else by now was not found', () => {
  const { it, sample, add, works } = begin();
  add(1, 0x900);
  works(0x900);
  it.now = 0xb00;
  assert.equal(sample().isProven, false);
});

test('the next request at the same future is another one', () => {
  const { it, sample, add, works } = begin();
  works(0x900);
  const first = add(1, 0x900);
  assert.equal(sample().request, first);
  it.tasks.clear();
  const second = add(2, 0x900);
  assert.deepEqual(sample(), { request: second, isProven: true });
  // And found late, it is not certain that it was there at the copy.
  it.tasks.clear();
  add(3, 0x900);
  it.late = 5000;
  assert.equal(sample().isProven, false);
});

test('a task that has one request after another may have the next one by now', () => {
  const { sample, add, works } = begin();
  works(0x900);
  const request = add(1, 0x900, false);
  assert.deepEqual(sample(), { request, isProven: false });
});

test('a request that is over is none, whoever waits', () => {
  const { it, sample, add, works } = begin();
  works(0x900);
  const request = add(1, 0x900);
  assert.equal(sample().request, request);
  it.isOver = true;
  const asked = it.asked;
  sample();
  assert.equal(it.asked, asked + 1);
});

test('a stack that was read again after the copy has the request if that goes on', () => {
  const { it, sample, add, works } = begin();
  works(0x900);
  const request = add(1, 0x900);
  assert.deepEqual(sample(true), { request, isProven: true });
  assert.deepEqual(sample(true), { request, isProven: true });
  // By now it does something else.
  it.now = 0xb00;
  assert.equal(sample(true).isProven, false);
});

test('what nobody waits for is asked for less and less often', () => {
  const { it, sample, works } = begin();
  works(0x900);
  for (let tick = 0; tick < 100; tick++) sample();
  assert.ok(it.asked < 30 && it.looks < 30, `${it.asked} ${it.looks}`);
});

test('of two tasks that wait for one thread, neither is taken', () => {
  const { sample, add, works } = begin();
  works(0x900);
  for (const task of [1, 2]) add(task, 0x900);
  assert.equal(sample().isProven, false);
});
