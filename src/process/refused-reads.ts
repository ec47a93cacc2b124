import { closeSync, openSync, readSync } from 'node:fs';
import type { ReadAnswers } from '../model/doctor.js';
import { memoryOwner } from './linux-process.js';
import { probeScatterRead } from './scatter-memory.js';

/** Not mapped in any process: where the reading is allowed, the answer is EFAULT or EIO. */
const nowhere = 4096;

/** `somewhere`: an address that can be read, where one is known. */
export function readAnswers(pid: number, somewhere: number | undefined): ReadAnswers {
  const owner = memoryOwner(pid);
  const called = probeScatterRead(owner, somewhere ?? nowhere);
  return {
    processVmReadv: called === 'EFAULT' ? 'ok' : called,
    procMem: procMemAnswer(owner, somewhere ?? nowhere),
  };
}

function procMemAnswer(owner: number, address: number): string {
  let file = -1;
  try {
    file = openSync(`/proc/${owner}/mem`, 'r');
    readSync(file, new Uint8Array(8), 0, 8, address);
    return 'ok';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return file >= 0 && code === 'EIO' ? 'ok' : code;
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/** For a message. */
export function answersText({ processVmReadv, procMem }: ReadAnswers): string {
  return `process_vm_readv: ${processVmReadv}, /proc/PID/mem: ${procMem}`;
}
