import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { TaskFrame } from '../asyncio/task-trace.js';
import { FrameVariables } from '../frame-variables.js';
import type { Layout } from '../layout.js';
import { typeName } from '../objects/instances.js';
import { outermostRule } from '../outermost-rule.js';

export interface TrioWait {
  readonly kind: string;
  /** Such as `sleeping for 2 s`. */
  readonly text: string;
}

/** A frame of a task that waits, with its file and function: `trio/_timeouts.py:sleep`. */
export interface PlacedFrame {
  readonly frame: TaskFrame;
  readonly place: string;
}

const sleeping: TrioWait = { kind: 'sleep', text: 'sleeping' };
const receiving: TrioWait = { kind: 'socket', text: 'waiting to read from a socket or a file' };
const sending: TrioWait = { kind: 'socket', text: 'waiting to write to a socket or a file' };
const accepting: TrioWait = { kind: 'connection', text: 'waiting for a connection on a socket' };
const connecting: TrioWait = { kind: 'connection', text: 'connecting' };
const nursery: TrioWait = { kind: 'tasks', text: 'waiting for the tasks of a nursery' };

const ofPlaces: Readonly<Record<string, TrioWait>> = {
  'trio/_timeouts.py:sleep': sleeping,
  'trio/_timeouts.py:sleep_until': sleeping,
  'trio/_timeouts.py:sleep_forever': { kind: 'sleep', text: 'sleeping until it is cancelled' },
  'trio/_channel.py:receive': { kind: 'queue', text: 'waiting for an item of a memory channel' },
  'trio/_channel.py:send': { kind: 'queue', text: 'waiting for room in a memory channel' },
  'trio/_threads.py:to_thread_run_sync': { kind: 'thread', text: 'waiting for a thread' },
  'trio/_subprocess.py:wait': { kind: 'subprocess', text: 'waiting for a child process' },
  'trio/_subprocess.py:run_process': { kind: 'subprocess', text: 'waiting for a child process' },
  'trio/_highlevel_socket.py:accept': accepting,
  'trio/_highlevel_open_tcp_stream.py:open_tcp_stream': connecting,
  'trio/_core/_run.py:_nested_child_finished': nursery,
  'trio/_core/_generated_io_epoll.py:wait_readable': receiving,
  'trio/_core/_generated_io_epoll.py:wait_writable': sending,
  'trio/_core/_io_epoll.py:wait_readable': receiving,
  'trio/_core/_io_epoll.py:wait_writable': sending,
};

/** By the class of `self`, for the functions of trio/_sync.py. */
const ofSync: Readonly<Record<string, TrioWait>> = {
  Event: { kind: 'event', text: 'waiting for an event' },
  Lock: { kind: 'lock', text: 'waiting for a lock' },
  StrictFIFOLock: { kind: 'lock', text: 'waiting for a lock' },
  Semaphore: { kind: 'semaphore', text: 'waiting for a semaphore' },
  CapacityLimiter: { kind: 'semaphore', text: 'waiting for a capacity limiter' },
  Condition: { kind: 'condition', text: 'waiting for a condition' },
};
const syncFunctions = /^trio\/_sync\.py:(?:acquire|acquire_on_behalf_of|wait)$/;
const library = /^trio\//;

/** What a task of trio waits for, by the outermost function of trio that its innermost frames are in. */
export class TrioWaits {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #variables: FrameVariables;

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#variables = new FrameVariables(memory, layout);
  }

  /** `undefined` when it is not known. */
  of(frames: readonly PlacedFrame[]): TrioWait | undefined {
    const found = outermostRule(frames, library, ({ frame, place }) =>
      syncFunctions.test(place) ? this.#sync(frame) : ofPlaces[place],
    );
    if (found?.rule !== sleeping) return found?.rule;
    return { kind: 'sleep', text: this.#variables.sleep(found.at.frame, 'seconds') ?? sleeping.text };
  }

  #sync(frame: TaskFrame): TrioWait | undefined {
    const self = this.#variables.of(frame, 'self');
    const type = isPointer(self) ? typeName(this.#memory, this.#layout, self) : undefined;
    return type === undefined ? undefined : ofSync[type];
  }
}
