import koffi from 'koffi';
import { kernelMachine } from './kernel-machine.js';

/** Numbers of sched_setattr(2) and sched_getattr(2). */
const calls = { 'x86-64': { set: 314, get: 315 }, aarch64: { set: 274, get: 275 } } as const;

/** `struct sched_attr` of include/uapi/linux/sched/types.h, as Linux 3.14 had it first: later fields are absent. */
const size = 48;
const policyAt = 4;
const runtimeAt = 24;
const normalPolicy = 0;

/** Nanoseconds: the shortest that Linux grants. */
const slice = 100_000n;

/**
 * Asks the kernel to give the calling thread the processor in short slices, and so sooner: from Linux 6.12 on a thread
 * that wakes up need not wait until the slice of another one is over, 3 ms as a rule, when its own is shorter. Its
 * share of the processor stays the same. Earlier versions do nothing. False when it was refused, or the thread is
 * scheduled in a way that somebody chose.
 */
export function askForShortSlices(): boolean {
  const systemCall = koffi.load(null).func('long syscall(long, int, void *, unsigned int, unsigned int)');
  const { set, get } = calls[kernelMachine()];
  const attributes = new Uint8Array(size);
  const fields = new DataView(attributes.buffer);
  const isRead = Number(systemCall(get, 0, attributes, size, 0)) === 0;
  if (!isRead || fields.getUint32(policyAt, true) !== normalPolicy) return false;
  fields.setBigUint64(runtimeAt, slice, true);
  return Number(systemCall(set, 0, attributes, 0, 0)) === 0;
}
