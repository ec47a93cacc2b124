import type { RuntimeLocation } from '../../src/cpython/locate/locate.js';
import type { ReadPlan } from '../../src/memory/read-plan.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { FakeThreads } from '../../src/platform/fake-threads.js';
import { costs, type SimulatedProgram, SimulatedPython, type SimulatedVersion } from './simulated-python.js';

const runtime = 0x1_0000;
const interpreter = 0x2_0000;
const lock = 0x3_0000;
const innerInterpreter = 0x4_0000;
const idents = 0x5_0000_0000_000;
const structSize = 0x1000;
/** Where the C library has the kernel's id of a thread, for versions whose thread states have none. */
const idOffset = 720;
const firstId = 1000;

/**
 * A made-up process whose threads run the same code, one at a time, as the GIL has it: the GIL goes from thread to
 * thread between two instructions, also while they are copied. A thread that waits for it sleeps at its address.
 */
export class SimulatedProcess implements TargetMemory {
  readonly threads: readonly SimulatedPython[];
  readonly kernel: FakeThreads;
  readonly location: RuntimeLocation;
  /** Nanoseconds. */
  now = 0;
  switches = 0;
  readonly #slice: (thread: number) => number;
  #running = 0;
  #until = 0;

  /**
   * `entries`: the function that each thread runs. `slice`: for how long a thread has the GIL this time, nanoseconds.
   */
  constructor(
    version: SimulatedVersion,
    program: SimulatedProgram,
    entries: readonly string[],
    slice: (thread: number) => number,
  ) {
    const first = new SimulatedPython(version, program, { entry: entries[0]! });
    this.threads = entries.map((entry, at) =>
      at === 0 ? first : new SimulatedPython(version, program, { first, number: at, entry }),
    );
    this.kernel = new FakeThreads(entries.map((_, at) => firstId + at));
    for (const thread of this.kernel.byId.values()) thread.waitsAt = this.#lock;
    const { layout } = first;
    this.location = { layout, runtime, version: `3.${version}.0`, image: '' };
    this.#slice = slice;
    this.#build();
    this.#take(0);
  }

  /**
   * Of two threads, makes the second one a thread state in an interpreter of its own, run by the same thread of the
   * kernel as the first.
   */
  nest(): void {
    const [outer, inner] = this.threads;
    const { threadState: fields, interpreter: own, runtime: head } = outer!.layout;
    outer!.addMemory(innerInterpreter, 0x1_0000);
    outer!.set(innerInterpreter + own.id, 1);
    outer!.set(innerInterpreter + own.next, interpreter);
    outer!.set(innerInterpreter + own.threadsHead, inner!.threadState);
    if (own.gil >= 0) outer!.set(innerInterpreter + own.gil, lock);
    outer!.set(interpreter + own.threadsHead, outer!.threadState);
    outer!.set(inner!.threadState + fields.next, 0);
    outer!.set(inner!.threadState + fields.interpreter, innerInterpreter);
    if (fields.nativeThreadId >= 0) outer!.set(inner!.threadState + fields.nativeThreadId, firstId);
    else outer!.set(idents + structSize + idOffset, firstId);
    outer!.set(runtime + head.interpretersHead, innerInterpreter);
  }

  /** The thread of that kernel's id. */
  threadOf(id: number): SimulatedPython {
    return this.threads[id - firstId]!;
  }

  get #lock(): number {
    const { gil } = this.threads[0]!.layout.runtime;
    return gil >= 0 ? runtime + gil : lock;
  }

  #build(): void {
    const first = this.threads[0]!;
    const { threadState: fields, ...layout } = first.layout;
    for (const address of [runtime, interpreter, lock]) first.addMemory(address, 0x1_0000);
    first.set(runtime + layout.runtime.interpretersHead, interpreter);
    first.set(interpreter + layout.interpreter.threadsHead, this.threads.at(-1)!.threadState);
    if (layout.interpreter.gil >= 0) first.set(interpreter + layout.interpreter.gil, lock);
    if (layout.gil.locked >= 0) first.set(this.#lock + layout.gil.locked, 1);
    for (const [at, { threadState }] of this.threads.entries()) {
      const ident = idents + at * structSize;
      first.addMemory(ident, structSize);
      first.set(ident + idOffset, firstId + at);
      first.set(threadState + fields.interpreter, interpreter);
      first.set(threadState + fields.threadId, ident);
      if (fields.nativeThreadId >= 0) first.set(threadState + fields.nativeThreadId, firstId + at);
      first.set(threadState + fields.next, this.threads[at - 1]?.threadState ?? 0);
    }
  }

  #take(number: number): void {
    const first = this.threads[0]!;
    const { gil, runtime: fields } = first.layout;
    const { threadState } = this.threads[number]!;
    this.kernel.at(firstId + this.#running).state = 'waiting';
    if (number !== this.#running) this.switches++;
    this.#running = number;
    this.kernel.at(firstId + number).state = 'running';
    first.set(this.#lock + gil.lastHolder, threadState);
    first.set(this.#lock + gil.switches, this.switches);
    if (fields.gilThreadState >= 0) first.set(runtime + fields.gilThreadState, threadState);
    this.#until = this.now + this.#slice(number);
  }

  /** The process runs for a while, unread. */
  pass(nanoseconds: number): void {
    this.now += nanoseconds;
    const thread = this.threads[this.#running]!;
    thread.pass(nanoseconds);
    this.kernel.at(firstId + this.#running).used += nanoseconds / 1000;
    if (this.now >= this.#until && thread.isInStep) this.#take((this.#running + 1) % this.threads.length);
  }

  read(address: number, length: number): Uint8Array | undefined {
    const into = new Uint8Array(length);
    this.pass(costs.read);
    return this.#copy(address, length, into, 0) ? into : undefined;
  }

  readMany(plan: ReadPlan, into: Uint8Array): number {
    this.pass(costs.read);
    let filled = 0;
    for (let region = 0; region < plan.count; region++) {
      const length = plan.lengthOf(region);
      if (!this.#copy(plan.addressOf(region), length, into, filled)) break;
      filled += length;
    }
    return filled;
  }

  /** Line by line of a cache, while the process goes on. */
  #copy(address: number, length: number, into: Uint8Array, at: number): boolean {
    this.pass(costs.region);
    for (let from = address; from < address + length; ) {
      const to = Math.min(address + length, from - (from % 64) + 64);
      this.pass(costs.line);
      const bytes = this.threads[0]!.bytesAt(from, to - from);
      if (!bytes) return false;
      into.set(bytes, at + from - address);
      from = to;
    }
    return true;
  }
}
