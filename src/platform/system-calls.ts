import type { Machine } from '../binary/elf/machines.js';

/** What a thread waits for in a system call, as text. */
export type SystemCallText = (args: readonly number[], file: (descriptor: number) => string) => string;

const onFile =
  (doing: string): SystemCallText =>
  ([descriptor = -1], file) =>
    `${doing} ${file(descriptor)}`;
const always =
  (words: string): SystemCallText =>
  () =>
    words;

const reading = onFile('reading from');
const writing = onFile('writing to');
const receiving = onFile('waiting for data from');
const sending = onFile('sending to');
const events = always('waiting for events on files or the network');
const networkEvents = always('waiting for network events');
const child = always('waiting for a child process');
/** The parent is suspended until the child runs a program of its own. */
const starting = always('starting a process');
const disk = onFile('waiting for the disk to keep');
/** `select` and `poll` of nothing are a way to sleep, which Python used up to 3.10. */
const eventsOrSleep =
  (position: number): SystemCallText =>
  (args, file) => {
    if (Number.isNaN(args[position])) return 'sleeping, or waiting for events';
    return args[position] === 0 ? 'sleeping' : events(args, file);
  };

/** In place of a number: that kind of machine has no such call. */
const none = -1;

/**
 * Name, numbers on x86-64 and on aarch64 (arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h
 * of Linux), and text. A call that is not here is shown by its number.
 */
const calls: readonly (readonly [string, number, number, SystemCallText])[] = [
  ['read', 0, 63, reading],
  ['write', 1, 64, writing],
  ['poll', 7, none, eventsOrSleep(1)],
  ['pread64', 17, 67, reading],
  ['pwrite64', 18, 68, writing],
  ['readv', 19, 65, reading],
  ['writev', 20, 66, writing],
  ['select', 23, none, eventsOrSleep(0)],
  ['pause', 34, none, always('waiting for a signal')],
  ['nanosleep', 35, 101, always('sleeping')],
  ['sendfile', 40, 71, always('copying from file to file')],
  ['connect', 42, 203, onFile('connecting')],
  ['accept', 43, 202, onFile('waiting for a connection on')],
  ['sendto', 44, 206, sending],
  ['recvfrom', 45, 207, receiving],
  ['sendmsg', 46, 211, sending],
  ['recvmsg', 47, 212, receiving],
  ['clone', 56, 220, starting],
  ['vfork', 58, none, starting],
  ['wait4', 61, 260, child],
  ['semop', 65, 193, always('waiting for a semaphore')],
  ['msgrcv', 70, 188, always('waiting for a message')],
  ['fcntl', 72, 25, onFile('waiting for a lock on')],
  ['flock', 73, 32, onFile('waiting for a lock on')],
  ['fsync', 74, 82, disk],
  ['fdatasync', 75, 83, disk],
  ['rt_sigtimedwait', 128, 137, always('waiting for a signal')],
  ['rt_sigsuspend', 130, 133, always('waiting for a signal')],
  ['futex', 202, 98, always('waiting for a lock')],
  ['io_getevents', 208, 4, always('waiting for the disk')],
  ['restart_syscall', 219, 128, always('sleeping')],
  ['semtimedop', 220, 192, always('waiting for a semaphore')],
  ['clock_nanosleep', 230, 115, always('sleeping')],
  ['epoll_wait', 232, none, networkEvents],
  ['mq_timedreceive', 243, 183, always('waiting for a message')],
  ['waitid', 247, 95, child],
  ['openat', 257, 56, always('opening a file')],
  ['pselect6', 270, 72, eventsOrSleep(0)],
  ['ppoll', 271, 73, eventsOrSleep(1)],
  ['sync_file_range', 277, 84, disk],
  ['epoll_pwait', 281, 22, networkEvents],
  ['accept4', 288, 242, onFile('waiting for a connection on')],
  ['preadv', 295, 69, reading],
  ['pwritev', 296, 70, writing],
  ['recvmmsg', 299, 243, receiving],
  ['sendmmsg', 307, 269, sending],
  ['copy_file_range', 326, 285, always('copying from file to file')],
  ['io_uring_enter', 426, 426, always('waiting for input and output')],
  ['clone3', 435, 435, starting],
  ['epoll_pwait2', 441, 441, networkEvents],
  ['futex_waitv', 449, 449, always('waiting for a lock')],
];

const texts: ReadonlyMap<string, SystemCallText> = new Map(calls.map(([name, , , text]) => [name, text]));
const byNumber: Readonly<Record<Machine, ReadonlyMap<number, string>>> = {
  'x86-64': new Map(calls.map(([name, number]) => [number, name])),
  aarch64: new Map(calls.flatMap(([name, , number]) => (number === none ? [] : [[number, name]]))),
};

/** A call that a thread is in, as the kernel of a machine numbers it. */
export interface SystemCall {
  /** Empty when it is none of those that are shown as text. */
  readonly name: string;
  readonly number: number;
  readonly args: readonly number[];
}

export function systemCallOf(machine: Machine, number: number, args: readonly number[]): SystemCall {
  return { name: byNumber[machine].get(number) ?? '', number, args };
}

export function systemCallText(name: string): SystemCallText | undefined {
  return texts.get(name);
}

/** The numbers of a call that is in the list. */
export function systemCallNumbers(name: string): Readonly<Record<Machine, number>> {
  const [, x86, aarch64] = calls.find(([one]) => one === name)!;
  return { 'x86-64': x86, aarch64 };
}
