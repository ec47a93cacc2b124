/**
 * What a thread waits for in a system call, as text, by the call's number on x86-64
 * (arch/x86/entry/syscalls/syscall_64.tbl of Linux). A call that is not here is shown by its number.
 */
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
  (args, file) =>
    args[position] === 0 ? 'sleeping' : events(args, file);

/** The number of futex(2). */
export const futex = 202;

export const systemCallTexts: ReadonlyMap<number, SystemCallText> = new Map([
  [0, reading],
  [1, writing],
  [7, eventsOrSleep(1)],
  [17, reading],
  [18, writing],
  [19, reading],
  [20, writing],
  [23, eventsOrSleep(0)],
  [34, always('waiting for a signal')],
  [35, always('sleeping')],
  [40, always('copying from file to file')],
  [42, onFile('connecting')],
  [43, onFile('waiting for a connection on')],
  [44, sending],
  [45, receiving],
  [46, sending],
  [47, receiving],
  [56, starting],
  [58, starting],
  [61, child],
  [65, always('waiting for a semaphore')],
  [70, always('waiting for a message')],
  [72, onFile('waiting for a lock on')],
  [73, onFile('waiting for a lock on')],
  [74, disk],
  [75, disk],
  [128, always('waiting for a signal')],
  [130, always('waiting for a signal')],
  [futex, always('waiting for a lock')],
  [208, always('waiting for the disk')],
  [219, always('sleeping')],
  [220, always('waiting for a semaphore')],
  [230, always('sleeping')],
  [232, networkEvents],
  [243, always('waiting for a message')],
  [247, child],
  [257, always('opening a file')],
  [270, eventsOrSleep(0)],
  [271, eventsOrSleep(1)],
  [277, disk],
  [281, networkEvents],
  [288, onFile('waiting for a connection on')],
  [295, reading],
  [296, writing],
  [299, receiving],
  [307, sending],
  [326, always('copying from file to file')],
  [426, always('waiting for input and output')],
  [435, starting],
  [441, networkEvents],
  [449, always('waiting for a lock')],
]);
