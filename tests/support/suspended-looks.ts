import type { ReadTask } from '../../src/cpython/asyncio/task-reader.js';
import { python3_12 } from '../../src/cpython/layouts/python3_12.js';
import { FakeMemory } from '../../src/memory/fake-memory.js';
import { RecordingDecoder } from '../../src/recording/recording-decoder.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { LookRecords } from '../../src/sampler/look-records.js';
import { LookTime } from '../../src/sampler/look-turns.js';
import { newRequest, type RequestInHand } from '../../src/sampler/requests/request-in-hand.js';
import { SuspendedRequests } from '../../src/sampler/requests/suspended-requests.js';
import { noTasks } from '../../src/sampler/requests/tasks-of-requests.js';

/** Microseconds. */
export const tick = 1000;

export const taskAt = (address: number, state: ReadTask['state'] = 'waiting'): ReadTask => ({
  ...{ address, name: `Task-${address}`, loop: 0, state, isCancelling: false, coroutine: address + 1 },
  ...{ frames: [{ object: 0, frame: address + 2, code: 0x5000, instruction: 0 }] },
  ...{ outermostFrame: address + 2, truncated: false, awaited: 0, awaitedType: '', waiter: undefined },
  ...{ awaitedBy: [], hasCallbacks: false, callbacks: [] },
});

const idle = taskAt(0x100);

/**
 * Looks at requests which a test changes, at each tick. `tasks`: those that have a request in hand. Microseconds:
 * `costs` of the next look, `late` by which it comes after the moment of its tick, `step` that each of its `steps`
 * takes, of which so many were `taken`; `restSince` for which the loops have run no step.
 */
export function begin() {
  const it = {
    ...{ now: 0, costs: 0, late: 0, looks: [] as number[], tasks: [] as ReadTask[], hasAsyncio: true },
    isSeenOnThreads: true,
    restSince: Number.POSITIVE_INFINITY,
    onThread: undefined as RequestInHand | undefined,
    requests: new Map<ReadTask, RequestInHand>(),
    known: new Map<number, RequestInHand>(),
    /** Its task has the next one, and is as it was to the byte. */
    over: undefined as RequestInHand | undefined,
    /** Names of known requests are read again. */
    isDue: false,
    /** Tasks go on as soon as so many are read together. */
    stepsAfter: Number.POSITIVE_INFINITY,
    readOne: 0,
    /**
     * Whether tasks are compared with what they are, and their lists hold still; the microseconds that a quick look
     * takes, and how many were made.
     */
    ...{ isReadQuickly: false, costsQuickly: 0, quickLooks: 0 },
    ...{ steps: 0, step: 0, taken: 0, readAtOnce: 0 },
  };
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: '' });
  const names = { name: 'f', qualifiedName: 'f', file: '', shortFile: '' };
  const frame = encoder.defineFrame(encoder.defineFunction({ kind: 'python', ...names, firstLine: 0 }), 0);
  let used = 0;
  const requestOf = (task: ReadTask) => {
    const known = it.requests.get(task) ?? newRequest(`${it.requests.size + 1}`, task.outermostFrame, it.now);
    it.requests.set(task, known);
    return known;
  };
  const reader = {
    ...{ asyncio: undefined, kinds: undefined as never, renew: () => {} },
    ...{ runningWith: () => 0, nameOf: () => '', waiterOf: () => 0 },
    unchanged: (tasks: Iterable<ReadTask>) => {
      const isThere = (task: ReadTask) => !it.isReadQuickly || task === idle || it.tasks.includes(task);
      const all = new Set([...tasks].filter(isThere));
      return all.size > it.stepsAfter ? new Set<ReadTask>() : all;
    },
    listed: () => {
      used += it.costsQuickly;
      const listed = it.tasks.map(({ address }) => address).join();
      return {
        isSame: () => {
          it.quickLooks++;
          used += it.costsQuickly;
          return it.isReadQuickly && it.tasks.map(({ address }) => address).join() === listed;
        },
      };
    },
    readOne: (address: number) => {
      it.readOne++;
      used += 1000;
      return it.tasks.find((task) => task.address === address);
    },
    *reading({ onCopied }: { onCopied?: () => void }) {
      it.looks.push(it.now + it.late);
      used += it.costs;
      const tasks = it.hasAsyncio ? [idle, ...it.tasks] : [];
      onCopied?.();
      for (let left = it.steps; left > 0; left--) {
        yield;
        it.late += it.step;
        used += it.step;
        it.taken++;
      }
      return { tasks, unread: 0, isComplete: true };
    },
    read: () => {
      it.readAtOnce++;
      return { tasks: it.tasks, unread: 0, isComplete: true };
    },
  };
  const requests = {
    ...{ tasks: noTasks, unconfirmed: new Map<ReadTask, RequestInHand>() },
    *endTasks() {},
    confirm: (same: ReadonlySet<ReadTask>) => {
      for (const [task, request] of requests.unconfirmed)
        if (same.has(task)) it.known.set(task.address, request);
      requests.unconfirmed.clear();
    },
    lastOfTask: (task: number) => it.known.get(task),
    contents: { isStill: (request: RequestInHand) => request !== it.over },
    get hasResumed() {
      return it.isSeenOnThreads && (it.tasks.length > 0 || it.onThread !== undefined);
    },
    ofTask: (task: ReadTask) => {
      if (task === idle) return undefined;
      const request = requestOf(task);
      if (it.isDue || !it.known.has(task.address)) requests.unconfirmed.set(task, request);
      return request;
    },
    contextWithin: ({ number }: RequestInHand) =>
      encoder.defineContext({ kind: 'request', values: { request: number }, outer: 0 }),
  };
  const time = new LookTime();
  const suspended = new SuspendedRequests({
    ...{ memory: new FakeMemory(), layout: python3_12, reader, requests, encoder, firstLook: 0 },
    ...{ codes: { frame: () => frame }, records: LookRecords.ofRequests(encoder) },
    process: encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' }),
    ...{ time, cpu: () => used, clock: () => it.now + it.late },
  });
  const once = () => {
    time.tick(it.now);
    suspended.look(it.now, [{ request: it.onThread }], () => it.restSince);
    it.now += tick;
  };
  /** Ticks until so many more looks were made. */
  const looks = (count: number) => {
    for (const until = it.looks.length + count; it.looks.length < until; ) once();
  };
  const ticks = (microseconds: number) => {
    for (const until = it.now + microseconds; it.now < until; ) once();
  };
  /** By the number of the request. */
  const spans = () => {
    const decoder = new RecordingDecoder();
    for (let block = encoder.takeBlock(); block; block = encoder.takeBlock()) decoder.feed(block);
    const profile = decoder.snapshot();
    const { runs } = profile.suspended;
    return Array.from({ length: runs.stack.length }, (_, run) => ({
      request: profile.contexts[runs.context.at(run)]!.values['request'],
      start: runs.start.at(run),
      end: runs.start.at(run) + runs.duration.at(run),
    })).sort((a, b) => a.start - b.start);
  };
  return {
    ...{ it, looks, ticks, spans, requestOf, waitingNow: () => requests.tasks.waitingNow(it.now) },
    suspended,
    finish: () => suspended.finish(it.now, [{ request: it.onThread }]),
    ended: () => suspended.ended(it.now),
  };
}
