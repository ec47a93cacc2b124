import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.14.10. Not to be edited. */
export const asyncio3_14: AsyncioLayout = {
  task: {
    size: 168,
    coroutine: 128,
    name: 136,
    mustCancel: 108,
    mustCancelBit: 262144,
    cancels: 112,
    waiter: 120,
    wakeup: 24,
  },
  future: {
    loop: 16,
    callback: 24,
    callbacks: 40,
    result: 64,
    state: 104,
    awaitedBy: 96,
    awaitedBySet: 109,
  },
  generator: {
    frame: -1,
    embedded: 72,
    awaitedBelowEnd: 8,
    stackEnd: 64,
    stackBase: -1,
    stackDepth: -1,
    state: 67,
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
    futureOfIterator: 16,
    weakReference: 16,
    asyncGenerator: 16,
    wrapped: 16,
    closure: 72,
  },
};
