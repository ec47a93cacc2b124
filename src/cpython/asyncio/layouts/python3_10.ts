import type { AsyncioLayout } from '../asyncio-layout.js';

/** By tools/generate-asyncio.py, run by CPython 3.10.13. Not to be edited. */
export const asyncio3_10: AsyncioLayout = {
  task: {
    size: 192,
    coroutine: 160,
    name: 168,
    mustCancel: 184,
    mustCancelBit: 1,
    cancels: -1,
    waiter: 152,
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
    frame: 16,
    embedded: -1,
    awaitedBelowEnd: 8,
    stackEnd: -1,
    stackBase: 64,
    stackDepth: 80,
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
    closure: 72,
  },
};
