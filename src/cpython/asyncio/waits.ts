import { isPointer, readPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { CodeInfo } from '../code-reader.js';
import { FrameVariables } from '../frame-variables.js';
import type { Layout } from '../layout.js';
import { attributeOf } from '../objects/instances.js';
import { readInt } from '../objects/integers.js';
import type { AsyncioLayout } from './asyncio-layout.js';
import { Callbacks } from './callbacks.js';
import { ObjectKinds } from './kinds.js';
import type { ReadTask, TaskFrame } from './task-trace.js';

/** `unknown`: it waits, and for what cannot be told. */
export type TaskWaitKind =
  | 'sleep'
  | 'lock'
  | 'event'
  | 'condition'
  | 'semaphore'
  | 'barrier'
  | 'queue'
  | 'socket'
  | 'connection'
  | 'subprocess'
  | 'thread'
  | 'task'
  | 'tasks'
  | 'future'
  | 'unknown';

export interface TaskWait {
  readonly kind: TaskWaitKind;
  /** Such as `sleeping for 2 s`. */
  readonly text: string;
}

/** What a function of asyncio waits for, by its file and name; with `by`, by the class of its `self`. */
interface Rule {
  readonly kind: TaskWaitKind;
  readonly text: string;
  /** Only when nothing that it awaits in turn says more. */
  readonly isVague?: true;
}

const locks: Readonly<Record<string, Rule>> = {
  Lock: { kind: 'lock', text: 'waiting for a lock' },
  Event: { kind: 'event', text: 'waiting for an event' },
  Condition: { kind: 'condition', text: 'waiting for a condition' },
  Semaphore: { kind: 'semaphore', text: 'waiting for a semaphore' },
  BoundedSemaphore: { kind: 'semaphore', text: 'waiting for a semaphore' },
  Barrier: { kind: 'barrier', text: 'waiting at a barrier' },
};
const receiving: Rule = { kind: 'socket', text: 'waiting for data from a socket' };
const sending: Rule = { kind: 'socket', text: 'waiting to send to a socket' };
const connecting: Rule = { kind: 'connection', text: 'connecting' };

const rules: Readonly<Record<string, Rule>> = {
  'tasks.py:sleep': { kind: 'sleep', text: 'sleeping' },
  'tasks.py:_wait': { kind: 'tasks', text: 'waiting for any of several tasks' },
  'tasks.py:wait_for': { kind: 'task', text: 'waiting for a task, with a timeout', isVague: true },
  'taskgroups.py:__aexit__': { kind: 'tasks', text: 'waiting for the tasks of a group' },
  'queues.py:get': { kind: 'queue', text: 'waiting for an item of a queue' },
  'queues.py:put': { kind: 'queue', text: 'waiting for room in a queue' },
  'queues.py:join': { kind: 'queue', text: 'waiting until a queue is done' },
  'streams.py:_wait_for_data': receiving,
  'streams.py:drain': sending,
  'streams.py:_drain_helper': sending,
  'streams.py:wait_closed': { kind: 'socket', text: 'waiting for a socket to close' },
  'selector_events.py:sock_recv': receiving,
  'selector_events.py:sock_recv_into': receiving,
  'selector_events.py:sock_recvfrom': receiving,
  'selector_events.py:sock_recvfrom_into': receiving,
  'selector_events.py:sock_sendall': sending,
  'selector_events.py:sock_sendto': sending,
  'selector_events.py:sock_accept': { kind: 'connection', text: 'waiting for a connection on a socket' },
  'selector_events.py:sock_connect': connecting,
  'base_events.py:create_connection': { ...connecting, isVague: true },
  'base_events.py:serve_forever': { kind: 'connection', text: 'serving until it is cancelled' },
  'base_events.py:sock_sendfile': sending,
  'base_subprocess.py:_wait': { kind: 'subprocess', text: 'waiting for a child process' },
  'subprocess.py:wait': { kind: 'subprocess', text: 'waiting for a child process' },
  'threads.py:to_thread': { kind: 'thread', text: 'waiting for a thread' },
};

/** The file of asyncio that code is of, as group 1. */
export const fileOfAsyncio = /(?:^|\/)asyncio\/(\w+\.py)$/;
const mostInner = 8;

/** Where what is read of tasks comes from: one copy of memory for all of them. */
export interface WaitSource {
  readonly memory: TargetMemory;
  readonly layout: Layout;
  readonly asyncio: AsyncioLayout;
  /** The code object at an address. */
  readonly codeAt: (address: number) => CodeInfo | undefined;
  readonly nameOf: (task: number) => string | undefined;
}

/** Says what tasks wait for, by the functions of asyncio in which they do and by what they wait for. */
export class TaskWaits {
  readonly #source: WaitSource;
  readonly #callbacks: Callbacks;
  readonly #kinds: ObjectKinds;
  readonly #variables: FrameVariables;

  constructor(source: WaitSource) {
    this.#source = source;
    this.#callbacks = new Callbacks(source.memory, source.layout, source.asyncio);
    this.#kinds = new ObjectKinds(source.memory, source.layout);
    this.#variables = new FrameVariables(source.memory, source.layout);
  }

  /** `undefined` when it does not wait. */
  of(task: ReadTask): TaskWait | undefined {
    const { state, waiter, frames } = task;
    if (state !== 'waiting' || !waiter) return undefined;
    if (waiter.kind === 'task') return this.#ofTask(waiter.address);
    const byFunction = this.#byFunctions(frames);
    if (byFunction && !byFunction.rule.isVague) return this.#withDetail(byFunction.rule, byFunction.frame);
    if (waiter.kind === 'gather') return this.#ofGather(waiter.address);
    for (const { name, futures } of this.#callbacks.of(waiter.address)) {
      const other = futures.find((future) => future !== task.address);
      // Futures of executors complete another one: `futures.py` `_chain_future`.
      if (name === '_call_check_cancel' && other !== undefined)
        return this.#callbacks.isConcurrent(other)
          ? { kind: 'thread', text: 'waiting for a thread' }
          : this.#ofFuture(other);
      if (name === '_outer_done_callback' && other !== undefined)
        return this.#callbacks.isTask(other) ? this.#ofTask(other) : this.#ofFuture(other);
    }
    return byFunction ? this.#withDetail(byFunction.rule, byFunction.frame) : this.#ofFuture(waiter.address);
  }

  /** Whether what it waits for are other tasks. */
  isForTasks({ state, waiter, frames }: ReadTask): boolean {
    if (state !== 'waiting' || !waiter) return false;
    if (waiter.kind !== 'future') return true;
    const kind = this.#byFunctions(frames)?.rule.kind;
    return kind === 'task' || kind === 'tasks';
  }

  #ofTask(address: number): TaskWait {
    const name = this.#source.nameOf(address) ?? '';
    return { kind: 'task', text: name === '' ? 'waiting for a task' : `waiting for ${name}` };
  }

  #ofGather(address: number): TaskWait {
    const children = attributeOf(this.#source.memory, this.#source.layout, address, '_children');
    const size = isPointer(children)
      ? readPointer(this.#source.memory, children + this.#source.layout.list.size)
      : Number.NaN;
    const count = size > 0 && size < mostChildren ? `${size} tasks` : 'several tasks';
    return { kind: 'tasks', text: `waiting for all of ${size === 1 ? '1 task' : count}` };
  }

  #ofFuture(address: number): TaskWait {
    const type = readPointer(this.#source.memory, address + this.#source.layout.object.type);
    const name = this.#kinds.ofType(type)?.name ?? '';
    const isPlain = name === '' || name === '_asyncio.Future' || name === 'asyncio.futures.Future';
    return { kind: 'future', text: isPlain ? 'waiting for a future' : `waiting for a future (${name})` };
  }

  /** The rule of the outermost function of asyncio with one, among those that the innermost frames are in. */
  #byFunctions(frames: readonly TaskFrame[]): { readonly rule: Rule; readonly frame: TaskFrame } | undefined {
    let found: { readonly rule: Rule; readonly frame: TaskFrame } | undefined;
    for (const frame of frames.slice(0, mostInner)) {
      const code = this.#source.codeAt(frame.code);
      const file = code && fileOfAsyncio.exec(code.fileName)?.[1];
      if (!code || file === undefined) break;
      const rule = file === 'locks.py' ? this.#lockOf(frame, code.name) : rules[`${file}:${code.name}`];
      if (rule && !(found && rule.isVague)) found = { rule, frame };
    }
    return found;
  }

  #lockOf(frame: TaskFrame, name: string): Rule | undefined {
    if (name !== 'acquire' && name !== 'wait' && name !== '_block' && name !== '_wait') return undefined;
    const self = this.#variables.of(frame, 'self');
    const type = this.#kinds.ofType(readPointer(this.#source.memory, self + this.#source.layout.object.type));
    return type && locks[type.name.slice(type.name.lastIndexOf('.') + 1)];
  }

  #withDetail(rule: Rule, frame: TaskFrame): TaskWait {
    const { kind, text } = rule;
    if (kind === 'sleep') return { kind, text: this.#variables.sleep(frame, 'delay') ?? text };
    if (kind === 'subprocess') {
      const { memory, layout } = this.#source;
      const pid = readInt(
        memory,
        layout,
        attributeOf(memory, layout, this.#variables.of(frame, 'self'), 'pid'),
      );
      return { kind, text: pid === undefined ? text : `waiting for child process ${pid}` };
    }
    return { kind, text };
  }
}

const mostChildren = 10_000_000;
