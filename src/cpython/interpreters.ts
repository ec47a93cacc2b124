import { ByteReader } from '../bytes/byte-reader.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';
import type { Layout } from './layout.js';

export interface InterpreterInfo {
  readonly address: number;
  /** 0 is the main interpreter. */
  readonly id: number;
}

export interface ThreadStateInfo {
  readonly address: number;
  /** `pthread_self()`: what `threading` calls the ident. */
  readonly ident: number;
  /** The kernel's id in the target's own pid namespace, 0 before 3.11. */
  readonly nativeId: number;
}

/** More of either than any real program has: a longer list is a loop in memory that is changing. */
const mostInterpreters = 1_000;
const mostThreads = 20_000;

/**
 * All interpreters of the runtime, each once, the newest first as CPython keeps them. Empty when there is none (yet).
 */
export function readInterpreters(memory: TargetMemory, layout: Layout, runtime: number): InterpreterInfo[] {
  const found: InterpreterInfo[] = [];
  let address = readPointer(memory, runtime + layout.runtime.interpretersHead);
  const seen = new Set<number>();
  while (isPointer(address) && found.length < mostInterpreters && !seen.has(address)) {
    seen.add(address);
    const id = memory.read(address + Math.max(0, layout.interpreter.id), 8);
    const next = readPointer(memory, address + layout.interpreter.next);
    if (!id || Number.isNaN(next)) break;
    found.push({ address, id: new ByteReader(id).i32(0) });
    address = next;
  }
  if (layout.interpreter.id >= 0) return found;
  // Up to 3.6 they have no number; the main interpreter is the oldest.
  return found.map((interpreter, at) => ({ ...interpreter, id: found.length - 1 - at }));
}

/** Whether `Py_FinalizeEx` was called, and is under way or done. */
export function isFinalizing(
  memory: TargetMemory,
  { runtime: { finalizing } }: Layout,
  runtime: number,
): boolean {
  return finalizing >= 0 && isPointer(readPointer(memory, runtime + finalizing));
}

/** Bytes from the beginning of a thread state that `readThreadStates` reads of each. */
export function threadStateBytes({ threadState }: Layout): number {
  const last = Math.max(
    threadState.next,
    threadState.interpreter,
    threadState.threadId,
    threadState.nativeThreadId,
  );
  return last + 8;
}

/** All thread states of an interpreter, the newest first. A list that changes under the reader ends early. */
export function readThreadStates(
  memory: TargetMemory,
  layout: Layout,
  interpreter: number,
): ThreadStateInfo[] {
  const { threadState } = layout;
  const length = threadStateBytes(layout);
  const found: ThreadStateInfo[] = [];
  let address = readPointer(memory, interpreter + layout.interpreter.threadsHead);
  const seen = new Set<number>();
  while (isPointer(address) && found.length < mostThreads && !seen.has(address)) {
    seen.add(address);
    const bytes = memory.read(address, length);
    if (!bytes) break;
    const fields = new ByteReader(bytes);
    // A thread state that was freed meanwhile no longer names its interpreter.
    if (fields.u64(threadState.interpreter) !== interpreter) break;
    found.push({
      address,
      ident: fields.u64(threadState.threadId),
      nativeId: threadState.nativeThreadId < 0 ? 0 : fields.u64(threadState.nativeThreadId),
    });
    address = fields.u64(threadState.next);
  }
  return found;
}
