import type { CoreSignalFacts } from '../../model/snapshot.js';
import type { CoreNotes } from './core-notes.js';

/** Signals that end a process with a core file (signal(7)), by their numbers on x86-64 and aarch64. */
const names: Readonly<Record<number, string>> = {
  ...{ 3: 'SIGQUIT', 4: 'SIGILL', 5: 'SIGTRAP', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 11: 'SIGSEGV' },
  ...{ 24: 'SIGXCPU', 25: 'SIGXFSZ', 31: 'SIGSYS' },
};
/** Those with which the processor refuses an instruction, at an address. */
const ofProcessor: readonly number[] = [4, 7, 8, 11];
const trap = 5;
/** si_code: the kernel sent it, and says no more (SI_KERNEL). */
const byKernel = 0x80;

/**
 * The signal that ended the process; `undefined` for a core file that was made of a running one. A debugger that makes
 * one stops the threads by signals of its own.
 */
export function endingSignal({ threads: [first], signal }: CoreNotes): CoreSignalFacts | undefined {
  const number = first?.signal ?? 0;
  const name = names[number];
  if (!first || name === undefined || (number === trap && !(signal && signal.code > 0))) return undefined;
  const isOurs = signal?.number === number;
  const hasAddress =
    isOurs &&
    ofProcessor.includes(number) &&
    signal.code > 0 &&
    signal.code < byKernel &&
    signal.address >= 0;
  const hasSender = isOurs && signal.code <= 0 && signal.sender > 0;
  return {
    ...{ number, name, threadId: first.id },
    ...(hasAddress ? { address: `0x${signal.address.toString(16)}` } : {}),
    ...(hasSender ? { sender: signal.sender } : {}),
  };
}
