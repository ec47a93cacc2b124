import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { processFacts } from './linux-process.js';
import { KernelThreadClock } from './thread-clock.js';

test('a thread that was stopped while it ran waits, but in no system call', async () => {
  const script = 'process.send("ready"); while (true);';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const pid = child.pid!;
  const clock = new KernelThreadClock(pid, pid);
  try {
    await once(child, 'message');
    // Stopped within a system call it would be in that: it is let run on until it is not.
    do {
      child.kill('SIGCONT');
      await setTimeout(2);
      child.kill('SIGSTOP');
      while (processFacts(pid)!.state !== 'T') await setTimeout(1);
      assert.equal(clock.look(), 'waiting');
    } while (clock.isInSystemCall);
  } finally {
    child.kill('SIGKILL');
    clock.close();
  }
});

test('a thread that sleeps waits in a system call', async () => {
  const child = spawn('sleep', ['1000']);
  const clock = new KernelThreadClock(child.pid!, child.pid!);
  try {
    await once(child, 'spawn');
    while (clock.look() !== 'waiting' || !clock.isInSystemCall) await setTimeout(1);
  } finally {
    child.kill('SIGKILL');
    clock.close();
  }
});
