import { setTimeout as pause } from 'node:timers/promises';
import { fileText, threadActivity, waitingText } from '../../src/process/thread-activity.js';
import { type DumpedThread, dumpJson } from './dumps.js';

/** What the threads of tests/programs/waits.py wait for, by name. */
export const waits: Readonly<Record<string, RegExp>> = {
  sleep: /^sleeping$/,
  wait_for_lock: /^waiting for a lock$/,
  read_pipe: /^reading from a pipe \(file \d+\)$/,
  accept: /^waiting for a connection on a socket \(file \d+\)$/,
  receive: /^waiting for data from a socket \(file \d+\)$/,
  poll: /^waiting for network events$/,
  wait_for_child: /^waiting for a child process$/,
};

/** The threads of that program once each waits, or as they were last seen. It says `ready` before they do. */
export async function settledThreads(pid: number): Promise<readonly DumpedThread[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { threads } = (await dumpJson(pid))[0]!;
    const settled = Object.entries(waits).every(([name, what]) =>
      what.test(threads.find((one) => one.name === name)?.waitingFor ?? ''),
    );
    if (settled || Date.now() >= deadline) return threads;
    await pause(50);
  }
}

/** Until the main thread waits for input: what it printed arrives before that. */
export async function untilItReads(pid: number): Promise<void> {
  const waitsFor = () => waitingText(threadActivity(pid, pid), (descriptor) => fileText(pid, descriptor));
  while (!/^reading from /.test(waitsFor())) await pause(1);
}
