import { readlinkSync } from 'node:fs';
import { systemCallOf, systemCallText } from '../platform/system-calls.js';
import type { ThreadActivity } from '../platform/target.js';
import { kernelMachine } from './kernel-machine.js';
import { procText } from './proc-text.js';

export function threadActivity(pid: number, thread: number): ThreadActivity {
  const folder = `/proc/${pid}/task/${thread}`;
  const stat = procText(`${folder}/stat`) ?? '';
  const state = stat[stat.lastIndexOf(')') + 2] ?? '?';
  if (state === 'R' || state === '?') return { state, waitChannel: '' };
  // "0 0x3 0x7ffe… (six arguments) stack instruction", "running", or "-1 stack instruction" when it is in no call.
  const [number, ...rest] = (procText(`${folder}/syscall`) ?? '').trim().split(' ');
  const channel = (procText(`${folder}/wchan`) ?? '').trim();
  const waitChannel = channel === '0' ? '' : channel;
  if (number === 'running') return { state: 'R', waitChannel: '' };
  if (number === undefined || !/^\d+$/.test(number) || rest.length < 6) return { state, waitChannel };
  const args = rest.slice(0, 6).map(Number);
  return { state, systemCall: systemCallOf(kernelMachine(), Number(number), args), waitChannel };
}

/** What it waits for, as text; empty when it does not wait. `file`: what a file descriptor of the process leads to. */
export function waitingText(activity: ThreadActivity, file: (descriptor: number) => string): string {
  const { state, systemCall, waitChannel } = activity;
  if (state !== 'S' && state !== 'D' && state !== 'I') return '';
  const textOf = systemCall && systemCallText(systemCall.name);
  const inKernel = waitChannel === '' ? '' : ` (${waitChannel})`;
  if (textOf) {
    const text = textOf(systemCall.args, file);
    return state === 'D' ? `${text}, uninterruptible${inKernel}` : text;
  }
  if (state === 'D') return `waiting for the disk or a device, uninterruptible${inKernel}`;
  return systemCall ? `waiting in system call ${systemCall.number}${inKernel}` : `waiting${inKernel}`;
}

/** Such as `a pipe (file 5)` or `/var/log/app.log (file 3)`. */
export function fileText(pid: number, descriptor: number): string {
  if (Number.isNaN(descriptor)) return unknownFile(descriptor);
  const number = descriptor | 0;
  let target: string;
  try {
    target = readlinkSync(`/proc/${pid}/fd/${number}`);
  } catch {
    return unknownFile(descriptor);
  }
  const kind = /^(pipe|socket|anon_inode):/.exec(target)?.[1];
  const what = kind === 'pipe' ? 'a pipe' : kind === 'socket' ? 'a socket' : target;
  return `${what} (file ${number})`;
}

/** Of a process whose open files nobody knows. NaN: nor which of them it was. */
export function unknownFile(descriptor: number): string {
  return Number.isNaN(descriptor) ? 'a file' : `file ${descriptor | 0}`;
}
