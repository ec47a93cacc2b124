import { FrameVariables } from '../cpython/frame-variables.js';
import type { Layout } from '../cpython/layout.js';
import { typeName } from '../cpython/objects/instances.js';
import { outermostRule } from '../cpython/outermost-rule.js';
import type { FoundFrame } from '../cpython/read-frames.js';
import { isPointer, readPointer } from '../memory/pointers.js';
import type { TargetMemory } from '../memory/target-memory.js';

export type GreenletWaitKind =
  | 'sleep'
  | 'lock'
  | 'event'
  | 'semaphore'
  | 'queue'
  | 'result'
  | 'socket'
  | 'connection'
  | 'file'
  | 'select'
  | 'subprocess'
  | 'signal'
  | 'thread'
  | 'greenlet'
  | 'greenlets';

export interface GreenletWait {
  readonly kind: GreenletWaitKind;
  /** Such as `sleeping for 2 s`. */
  readonly text: string;
}

/** A frame of a greenlet that waits. */
export interface CalledFrame {
  readonly frame: FoundFrame;
  /** Such as `gevent/hub.py:sleep`. */
  readonly place: string;
  /** Full name of the C function that it is calling; empty when it calls none, or that is not known. */
  readonly called: string;
  /** Where in the frame the callable lies, in bytes; its arguments follow. */
  readonly callableAt: number;
}

const receiving: GreenletWait = { kind: 'socket', text: 'waiting for data from a socket' };
const sending: GreenletWait = { kind: 'socket', text: 'waiting to send to a socket' };
const accepting: GreenletWait = { kind: 'connection', text: 'waiting for a connection on a socket' };
const connecting: GreenletWait = { kind: 'connection', text: 'connecting' };
const sleeping: GreenletWait = { kind: 'sleep', text: 'sleeping' };
const selecting: GreenletWait = { kind: 'select', text: 'waiting for any of several files' };
const locking: GreenletWait = { kind: 'lock', text: 'waiting for a lock' };
const event: GreenletWait = { kind: 'event', text: 'waiting for an event' };
const semaphore: GreenletWait = { kind: 'semaphore', text: 'waiting for a semaphore' };
const getting: GreenletWait = { kind: 'queue', text: 'waiting for an item of a queue' };
const putting: GreenletWait = { kind: 'queue', text: 'waiting for room in a queue' };
const queueDone: GreenletWait = { kind: 'queue', text: 'waiting until a queue is done' };
const thread: GreenletWait = { kind: 'thread', text: 'waiting for a thread' };
const child: GreenletWait = { kind: 'subprocess', text: 'waiting for a child process' };
const file: GreenletWait = { kind: 'file', text: 'waiting for a file' };
const one: GreenletWait = { kind: 'greenlet', text: 'waiting for a greenlet' };
const several: GreenletWait = { kind: 'greenlets', text: 'waiting for several greenlets' };
const pool: GreenletWait = { kind: 'greenlets', text: 'waiting for the greenlets of a pool' };
const room: GreenletWait = { kind: 'semaphore', text: 'waiting for room in a pool' };

const ofSockets: Readonly<Record<string, GreenletWait>> = {
  ...{
    recv: receiving,
    recv_into: receiving,
    recvfrom: receiving,
    recvfrom_into: receiving,
    read: receiving,
  },
  ...{ send: sending, sendall: sending, sendto: sending, sendfile: sending, write: sending },
  ...{ accept: accepting, connect: connecting, connect_ex: connecting, do_handshake: connecting },
};

/** Files of sockets, whose functions have the names of what they do. */
const socketFiles =
  /^(?:gevent\/(?:_socket3|_socketcommon|ssl|_ssl3)|eventlet\/(?:greenio\/base|green\/ssl))\.py:(\w+)$/;

/** By file and function of the library, in Python. */
const ofPlaces: Readonly<Record<string, GreenletWait>> = {
  'gevent/hub.py:sleep': sleeping,
  'gevent/select.py:select': selecting,
  'gevent/select.py:poll': selecting,
  'gevent/thread.py:acquire': locking,
  'gevent/lock.py:acquire': locking,
  'gevent/subprocess.py:wait': child,
  'gevent/subprocess.py:communicate': child,
  'gevent/pool.py:join': pool,
  'gevent/pool.py:wait_available': room,
  'gevent/threadpool.py:apply': thread,
  'gevent/_fileobjectposix.py:readall': file,
  'gevent/_fileobjectposix.py:readinto': file,
  'gevent/_fileobjectposix.py:write': file,
  'eventlet/greenthread.py:sleep': sleeping,
  'eventlet/greenthread.py:wait': one,
  'eventlet/greenpool.py:waitall': pool,
  'eventlet/greenpool.py:spawn': room,
  'eventlet/greenpool.py:spawn_n': room,
  'eventlet/event.py:wait': event,
  'eventlet/semaphore.py:acquire': semaphore,
  'eventlet/semaphore.py:__enter__': semaphore,
  'eventlet/queue.py:get': getting,
  'eventlet/queue.py:put': putting,
  'eventlet/queue.py:join': queueDone,
  'eventlet/green/select.py:select': selecting,
  'eventlet/green/subprocess.py:wait': child,
  'eventlet/tpool.py:execute': thread,
};

/** By the last two parts of the name of a function in C. */
const ofCalls: Readonly<Record<string, GreenletWait>> = {
  'Event.wait': event,
  'AsyncResult.get': { kind: 'result', text: 'waiting for a result' },
  'AsyncResult.wait': { kind: 'result', text: 'waiting for a result' },
  'Semaphore.acquire': semaphore,
  'Semaphore.wait': semaphore,
  'Semaphore.__enter__': semaphore,
  'BoundedSemaphore.acquire': semaphore,
  'BoundedSemaphore.__enter__': semaphore,
  'SimpleQueue.get': getting,
  'SimpleQueue.put': putting,
  'Queue.get': getting,
  'Queue.put': putting,
  'JoinableQueue.join': queueDone,
  'Queue.join': queueDone,
  'Channel.get': getting,
  'Channel.put': { kind: 'queue', text: 'waiting until an item is taken' },
  'Greenlet.join': one,
  'Greenlet.get': one,
  '_gevent_cgreenlet.joinall': several,
};

/** What `hub.wait` is given, by the last part of its class. */
const ofWatchers: Readonly<Record<string, GreenletWait>> = {
  io: { kind: 'file', text: 'waiting for a file or a socket' },
  timer: sleeping,
  child,
  signal: { kind: 'signal', text: 'waiting for a signal' },
  stat: { kind: 'file', text: 'waiting for a file to change' },
};
const watcherClass = /^gevent\.lib(?:ev|uv)\.\w+\.(\w+)$/;
const library = /^(?:gevent|eventlet)\//;

/** Says what greenlets wait for, by the functions of gevent and eventlet in which they do. */
export class GreenletWaits {
  readonly #memory: TargetMemory;
  readonly #layout: Layout;
  readonly #variables: FrameVariables;

  constructor(memory: TargetMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#variables = new FrameVariables(memory, layout);
  }

  /** `frames`: innermost first. `undefined` when it is not known. */
  of(frames: readonly CalledFrame[]): GreenletWait | undefined {
    const [innermost] = frames;
    if (!innermost) return undefined;
    const found = outermostRule(frames, library, ({ place }) => {
      const socket = socketFiles.exec(place)?.[1];
      return socket === undefined ? ofPlaces[place] : ofSockets[socket];
    });
    if (found?.rule === sleeping) {
      const { address: frame, code } = found.at.frame;
      return { kind: 'sleep', text: this.#variables.sleep({ frame, code }, 'seconds') ?? sleeping.text };
    }
    return found?.rule ?? this.#ofCall(innermost);
  }

  #ofCall({ frame, called, callableAt }: CalledFrame): GreenletWait | undefined {
    if (!called.startsWith('gevent.')) return undefined;
    const name = called.split('.').slice(-2).join('.');
    if (name !== 'WaitOperationsGreenlet.wait') return ofCalls[name];
    // Behind the callable there is `self`, or else the argument.
    for (const at of [callableAt + 8, callableAt + 16]) {
      const reference = readPointer(this.#memory, frame.address + at);
      const object = reference - (reference % 8);
      const type = isPointer(object) ? typeName(this.#memory, this.#layout, object) : undefined;
      const watcher = watcherClass.exec(type ?? '')?.[1];
      if (watcher !== undefined) return ofWatchers[watcher];
    }
    return undefined;
  }
}

/** Whether a file and function, such as `gevent/hub.py:sleep`, are of a library of greenlets. */
export function isOfGreenletLibrary(place: string): boolean {
  return library.test(place);
}

/** Functions that run that of a greenlet. */
const runners = /^eventlet\/(?:greenthread\.py:main|greenpool\.py:_spawn_n_impl)$/;

/**
 * Whether a greenlet is a worker between two items: its own function waits for the next one of a queue. One that was
 * called by it, and waits for a queue, may well wait for an answer. `frames`: innermost first.
 */
export function isGreenletWorker(frames: readonly CalledFrame[], wait: GreenletWait | undefined): boolean {
  if (wait !== getting) return false;
  const inner = frames.findIndex(({ place }) => !library.test(place));
  return inner >= 0 && frames.slice(inner + 1).every(({ place }) => runners.test(place));
}

/** Whether it runs the loop of gevent or eventlet: by its classes and its outermost frame. */
export function isGreenletHub(classes: readonly string[], outermost: string): boolean {
  return classes.includes('gevent.hub.Hub') || /^(?:gevent|eventlet\/hubs)\/hub\.py:run$/.test(outermost);
}
