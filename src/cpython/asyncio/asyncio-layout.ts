/**
 * Where the fields lie of what asyncio is made of: structs of Modules/_asynciomodule.c and Objects/genobject.c, which
 * no header shows up to 3.13. Each Python was asked itself (tools/generate-asyncio.py). Offsets in bytes from the
 * beginning of the object; -1: this version has no such field.
 */
export interface AsyncioLayout {
  /** `TaskObj`, which begins like a future. */
  readonly task: {
    readonly size: number;
    readonly coroutine: number;
    /** From 3.12 an int stands for a name that nobody asked for yet. */
    readonly name: number;
    /** The future that it waits for. */
    readonly waiter: number;
    /** An int with the bit: the next step throws CancelledError. */
    readonly mustCancel: number;
    readonly mustCancelBit: number;
    /** From 3.11, an int: `Task.cancelling()`. */
    readonly cancels: number;
    /** Of what a future calls to wake a task, the task. */
    readonly wakeup: number;
  };
  /** `FutureObj`. */
  readonly future: {
    readonly loop: number;
    /** The first callback, and the list of all others with their contexts. */
    readonly callback: number;
    readonly callbacks: number;
    readonly result: number;
    /** A byte: 0 pending, 1 cancelled, 2 finished. */
    readonly state: number;
    /** From 3.14: a task or future, or with the byte `awaitedBySet` a set of them. */
    readonly awaitedBy: number;
    readonly awaitedBySet: number;
  };
  /** Of coroutines, generators and async generators; the fields of frames from the beginning of a frame. */
  readonly generator: {
    /** Up to 3.10: pointer to the frame. */
    readonly frame: number;
    /** From 3.11: the frame itself. */
    readonly embedded: number;
    /** How many bytes below the end of its value stack a suspended frame has what it awaits. */
    readonly awaitedBelowEnd: number;
    /** Up to 3.9 and from 3.14, of the frame: pointer to the end of its value stack; up to 3.9 null while it runs. */
    readonly stackEnd: number;
    /** 3.10, of the frame: pointer to the beginning of its value stack. */
    readonly stackBase: number;
    /**
     * 3.10, of the frame: items on that stack, i32, -1 while it runs; 3.11 to 3.13: the same with the variables before
     * it.
     */
    readonly stackDepth: number;
    /**
     * From 3.11, a byte, and its values: not begun, at a `yield`, at an `await` (up to 3.12 as at a `yield`), running.
     */
    readonly state: number;
    readonly created: number;
    readonly suspended: number;
    readonly awaiting: number;
    readonly executing: number;
  };
  /**
   * Where a thread has the loop that runs in it: up to 3.12 in the dict of the thread state, by
   * `__asyncio_running_event_loop__`, up to
   * 3.11 within an object there; in 3.13 in the thread state.
   */
  readonly thread: { readonly dict: number; readonly loop: number };
  readonly other: {
    /** What `Future.__await__` makes. */
    readonly futureOfIterator: number;
    readonly weakReference: number;
    /** What `asend` and `athrow` of an async generator make. */
    readonly asyncGenerator: number;
    /** What `__await__` of a coroutine makes, and `anext` with a default. */
    readonly wrapped: number;
    /** Of a function in Python: a tuple of cells. */
    readonly closure: number;
  };
}
