import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PythonWatch } from './python-watch.js';

interface Process {
  start: number;
  isPython: boolean;
  executable?: string;
}

/** A machine whose processes the test moves: their start times, and whether they are Python. */
function machine() {
  const processes = new Map<number, Process>();
  let looks = 0;
  const watch = new PythonWatch({
    pids: () => [...processes.keys()],
    startTime: (pid) => processes.get(pid)?.start,
    executable: (pid) => processes.get(pid)?.executable,
    look: (pid) => {
      looks++;
      return processes.get(pid)?.isPython
        ? { pid, executable: '/usr/bin/python3', isInterpreter: true }
        : undefined;
    },
  });
  return {
    processes,
    pids: (now: number) => watch.look(now).map(({ pid }) => pid),
    looks: () => looks,
  };
}

test('Pythons are there from the next look on, and no longer than they run', () => {
  const { processes, pids } = machine();
  processes.set(1, { start: 1, isPython: true }).set(2, { start: 1, isPython: false });
  assert.deepEqual(pids(0), [1]);
  processes.set(3, { start: 2, isPython: true });
  assert.deepEqual(pids(1000), [1, 3]);
  processes.delete(1);
  assert.deepEqual(pids(2000), [3]);
});

test('a young process that runs Python later is found at once', () => {
  const { processes, pids } = machine();
  assert.deepEqual(pids(0), []);
  processes.set(2, { start: 1, isPython: false });
  assert.deepEqual(pids(1000), []);
  processes.get(2)!.isPython = true;
  assert.deepEqual(pids(2000), [2]);
});

/** When one that was there at the first look and becomes Python is found, milliseconds. */
function foundAt(becomes: Partial<Process>): number {
  const { processes, pids } = machine();
  const before = { start: 1, isPython: false, executable: '/bin/sh' };
  processes.set(2, before);
  pids(0);
  processes.set(2, { ...before, isPython: true, ...becomes });
  for (let now = 1000; now < 400_000; now += 1000) if (pids(now).length > 0) return now;
  return Number.POSITIVE_INFINITY;
}

test('an old process that runs another program is found soon, one that loaded a Python late', () => {
  const another = foundAt({ executable: '/usr/bin/app' });
  assert.ok(another >= 30_000 && another <= 40_000, `${another}`);
  const same = foundAt({});
  assert.ok(same >= 300_000 && same <= 340_000, `${same}`);
});

test('another process with the same pid is another one', () => {
  const { processes, pids } = machine();
  processes.set(2, { start: 1, isPython: true });
  for (let now = 0; now < 20_000; now += 1000) pids(now);
  processes.delete(2);
  pids(21_000);
  processes.set(2, { start: 2, isPython: false });
  assert.deepEqual(pids(22_000), []);
});

test('what is known is seldom looked at', () => {
  const { processes, pids, looks } = machine();
  for (let pid = 1; pid <= 100; pid++) processes.set(pid, { start: 1, isPython: false });
  for (let now = 0; now < 250_000; now += 1000) pids(now);
  assert.equal(looks(), 100);
});
