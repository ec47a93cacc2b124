import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PythonWatch } from './python-watch.js';

/** A machine whose processes the test moves: their start times, and whether they are Python. */
function machine() {
  const processes = new Map<number, { start: number; isPython: boolean }>();
  let looks = 0;
  const watch = new PythonWatch({
    pids: () => [...processes.keys()],
    startTime: (pid) => processes.get(pid)?.start,
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

test('a young process that runs Python later is found at once, an old one in time', () => {
  const { processes, pids } = machine();
  assert.deepEqual(pids(0), []);
  processes.set(2, { start: 1, isPython: false });
  assert.deepEqual(pids(1000), []);
  processes.get(2)!.isPython = true;
  assert.deepEqual(pids(2000), [2]);
  for (let now = 3000; now < 20_000; now += 1000) pids(now);
  processes.get(2)!.isPython = false;
  let last = 0;
  for (let now = 20_000; now < 100_000 && last === 0; now += 1000) if (pids(now).length === 0) last = now;
  assert.ok(last > 20_000 && last <= 60_000, `${last}`);
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
  for (let now = 0; now < 60_000; now += 1000) pids(now);
  assert.ok(looks() <= 300, `${looks()}`);
});
