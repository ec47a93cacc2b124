import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.12.1. Not to be edited. */
export const asyncio3_12: AsyncioLayout = {
  task: {
    size: 176,
    coroutine: 136,
    name: 144,
    mustCancel: 160,
    mustCancelBit: 1,
    cancels: 168,
    waiter: 128,
    wakeup: 24,
  },
  future: {
    loop: 16,
    callback: 24,
    callbacks: 40,
    result: 64,
    state: 88,
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
    created: 254,
    suspended: 255,
    awaiting: 255,
    executing: 0,
  },
  thread: {
    dict: 112,
    loop: -1,
  },
  other: {
    futureOfIterator: 16,
    weakReference: 16,
    asyncGenerator: 16,
    wrapped: 16,
    closure: 72,
  },
};
