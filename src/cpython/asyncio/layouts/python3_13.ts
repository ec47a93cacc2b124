import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.13.0. Not to be edited. */
export const asyncio3_13: AsyncioLayout = {
  task: {
    size: 144,
    coroutine: 120,
    name: 128,
    mustCancel: 100,
    mustCancelBit: 4,
    cancels: 104,
    waiter: 112,
    wakeup: 24,
  },
  future: {
    loop: 16,
    callback: 24,
    callbacks: 40,
    result: 64,
    state: 96,
    awaitedBy: -1,
    awaitedBySet: -1,
  },
  generator: {
    frame: -1,
    embedded: 72,
    awaitedBelowEnd: 8,
    stackEnd: -1,
    stackBase: -1,
    stackDepth: 64,
    state: 67,
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
    futureOfIterator: 16,
    weakReference: 16,
    asyncGenerator: 16,
    wrapped: 16,
    closure: 72,
  },
};
