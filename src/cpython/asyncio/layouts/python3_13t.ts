import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.13.12, free-threaded. Not to be edited. */
export const asyncio3_13t: AsyncioLayout = {
  task: {
    size: 160,
    coroutine: 136,
    name: 144,
    mustCancel: 116,
    mustCancelBit: 4,
    cancels: 120,
    waiter: 128,
    wakeup: 40,
  },
  future: {
    loop: 32,
    callback: 40,
    callbacks: 56,
    result: 80,
    state: 112,
    awaitedBy: -1,
    awaitedBySet: -1,
  },
  generator: {
    frame: -1,
    embedded: 88,
    awaitedBelowEnd: 8,
    stackEnd: -1,
    stackBase: -1,
    stackDepth: 64,
    state: 83,
    created: 253,
    suspended: 254,
    awaiting: 255,
    executing: 0,
  },
  thread: {
    dict: -1,
    loop: 304,
  },
  other: {
    futureOfIterator: 32,
    weakReference: 32,
    asyncGenerator: 32,
    wrapped: 32,
    closure: 88,
  },
};
