import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.14.9, free-threaded. Not to be edited. */
export const asyncio3_14t: AsyncioLayout = {
  task: {
    size: 192,
    coroutine: 144,
    name: 152,
    mustCancel: 124,
    mustCancelBit: 262144,
    cancels: 128,
    waiter: 136,
    wakeup: 40,
  },
  future: {
    loop: 32,
    callback: 40,
    callbacks: 56,
    result: 80,
    state: 120,
    awaitedBy: 112,
    awaitedBySet: 125,
  },
  generator: {
    frame: -1,
    embedded: 88,
    awaitedBelowEnd: 8,
    stackEnd: 64,
    stackBase: -1,
    stackDepth: -1,
    state: 83,
    created: 253,
    suspended: 254,
    awaiting: 255,
    executing: 0,
  },
  thread: {
    dict: -1,
    loop: -1,
  },
  other: {
    futureOfIterator: 32,
    weakReference: 32,
    asyncGenerator: 32,
    wrapped: 32,
    closure: 88,
  },
};
