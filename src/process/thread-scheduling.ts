import koffi from 'koffi';
import { kernelMachine } from './kernel-machine.js';

/** How the kernel schedules the calling thread (sched(7), sched_setattr(2)). */

/** Numbers of sched_setattr(2) and sched_getattr(2). */
const calls = { 'x86-64': { set: 314, get: 315 }, aarch64: { set: 274, get: 275 } } as const;

/** `struct sched_attr` of include/uapi/linux/sched/types.h, as Linux 3.14 had it first: later fields are absent. */
const size = 48;
const policyAt = 4;
const niceAt = 16;
const runtimeAt = 24;
const normalPolicy = 0;

/** Nanoseconds: the shortest that Linux grants. */
const slice = 100_000n;
/**
 * Nice value of a thread that goes first. Beside two busy loops on its core and 1,000 times a second 18 % of the ticks
 * came too late at 0, 5 to 11 % at -5 and 2.3 % at -10.
 */
const first = -10;

type SystemCall = (number: number, thread: number, into: Uint8Array, size: number, flags: number) => number;
let systemCall: SystemCall | undefined;

/**
 * Asks the kernel to give the calling thread the processor in short slices, and so sooner: from Linux 6.12 on a thread
 * that wakes up need not wait until the slice of another one is over, 3 ms as a rule, when its own is shorter. Its
 * share of the processor stays the same. Earlier versions do nothing. False when it was refused, or the thread is
 * scheduled in a way that somebody chose.
 */
export function askForShortSlices(): boolean {
  return change((fields) => {
    fields.setBigUint64(runtimeAt, slice, true);
    return true;
  });
}

/**
 * Lets the calling thread go before others when it wakes up, or no longer. False when it was refused, as it is without
 * the capability CAP_SYS_NICE, or the thread is scheduled in a way that somebody chose.
 */
export function goFirst(isFirst: boolean): boolean {
  const [before, now] = isFirst ? [0, first] : [first, 0];
  return change((fields) => {
    if (fields.getInt32(niceAt, true) !== before) return false;
    fields.setInt32(niceAt, now, true);
    return true;
  });
}

function change(fill: (fields: DataView) => boolean): boolean {
  systemCall ??= koffi
    .load(null)
    .func('long syscall(long, int, void *, unsigned int, unsigned int)') as unknown as SystemCall;
  const { set, get } = calls[kernelMachine()];
  const attributes = new Uint8Array(size);
  const fields = new DataView(attributes.buffer);
  const isRead = Number(systemCall(get, 0, attributes, size, 0)) === 0;
  if (!isRead || fields.getUint32(policyAt, true) !== normalPolicy || !fill(fields)) return false;
  return Number(systemCall(set, 0, attributes, 0, 0)) === 0;
}
