import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.8.18. Not to be edited. */
export const asyncio3_8: AsyncioLayout = {
  task: {
    size: 144,
    coroutine: 112,
    name: 120,
    mustCancel: 136,
    mustCancelBit: 1,
    cancels: -1,
    waiter: 104,
    wakeup: 16,
  },
  future: {
    loop: 16,
    callback: 24,
    callbacks: 40,
    result: 56,
    state: 72,
    awaitedBy: -1,
    awaitedBySet: -1,
  },
  generator: {
    frame: 16,
    embedded: -1,
    awaitedBelowEnd: 8,
    stackEnd: 72,
    stackBase: -1,
    stackDepth: -1,
    state: -1,
    created: -1,
    suspended: -1,
    awaiting: -1,
    executing: -1,
  },
  thread: {
    dict: 152,
    loop: 16,
  },
  other: {
    futureOfIterator: 16,
    weakReference: 16,
    asyncGenerator: 16,
    wrapped: 16,
    closure: 48,
  },
};
