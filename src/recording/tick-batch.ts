import type { DecodedSize } from './decoded-size.js';
import { maxInteger } from './format.js';
import { damaged, type PayloadCursor } from './payload-cursor.js';

/**
 * A batch of ticks as it stands in the file, checked: all places are inside their lists. Twin: tick-batch-writer.ts.
 */
export interface TickBatch {
  readonly base: number;
  /** Ids of the processes that have ticks here. */
  readonly processes: Int32Array;
  /** For each process: 0 when this is its first tick at all, otherwise 1 + `base` less the time of its tick before. */
  readonly ages: Float64Array;
  readonly tickCount: number;
  /** Microseconds since the tick before, of whichever process. */
  readonly tickDelta: Float64Array;
  /** Places in `processes`; undefined when there is one only. */
  readonly tickProcess: Int32Array | undefined;
  readonly threads: Int32Array;
  readonly stacks: Int32Array;
  readonly rowCount: number;
  readonly rowTick: Int32Array;
  /** Places in `threads`; undefined when there is one only. */
  readonly rowThread: Int32Array | undefined;
  /** 0: absent; otherwise 1 + a place in `stacks`. */
  readonly rowStack: Int32Array;
  readonly rowFlags: Int32Array;
  /** Ids, 0 for none; empty when no row has a context. */
  readonly contexts: Int32Array;
  /** Places in `contexts`; undefined when that is empty. */
  readonly rowContext: Int32Array | undefined;
}

/** Throws when it is not as it should be, or when there would be too much of the recording with it. */
export function readTickBatch(body: PayloadCursor, size: DecodedSize): TickBatch {
  const base = body.varint();
  const step = body.int31();
  const processCount = body.count(2);
  // Each has a tick, so they are bounded as those are.
  size.add('ticks', processCount);
  const processes = body.column(processCount);
  const ages = Float64Array.from(processes, () => body.varint());
  const tickCount = body.count(2);
  size.add('ticks', tickCount);
  if (tickCount > 0 && processCount === 0) throw damaged('ticks of no process');
  const tickProcess = processCount > 1 ? places(body, tickCount, processCount) : undefined;
  const low = body.bytes(tickCount);
  const tickDelta = Float64Array.from(low, (byte) => (byte + 256 * body.varint()) * step);
  if (base + tickDelta.reduce((sum, delta) => sum + delta, 0) > Number.MAX_SAFE_INTEGER)
    throw damaged('a time is too large');
  const rowCount = body.count(3);
  size.add('runs', rowCount);
  const threads = ascending(body, rowCount);
  const stacks = ascending(body, rowCount);
  const rowTick = body.column(rowCount);
  for (let row = 0, tick = 0; row < rowCount; row++) {
    tick += rowTick[row]!;
    if (tick >= tickCount) throw damaged('a change after the last tick');
    rowTick[row] = tick;
  }
  if (rowCount > 0 && threads.length === 0) throw damaged('changes of no thread');
  const rowThread = threads.length > 1 ? places(body, rowCount, threads.length) : undefined;
  const rowStack = places(body, rowCount, stacks.length + 1);
  const rowFlags = body.column(rowCount);
  // What came with contexts ends the entry, and is not there when no row has one.
  const contexts = body.left > 0 ? ascending(body, rowCount) : new Int32Array();
  const rowContext = contexts.length > 0 ? places(body, rowCount, contexts.length) : undefined;
  return {
    ...{ base, processes, ages, tickCount, tickDelta, tickProcess },
    ...{ threads, stacks, rowCount, rowTick, rowThread, rowStack, rowFlags },
    ...{ contexts, rowContext },
  };
}

function places(body: PayloadCursor, count: number, limit: number): Int32Array {
  const values = body.column(count);
  if (values.some((value) => value >= limit)) throw damaged('a place outside its list');
  return values;
}

/** Ids in ascending order, each less the one before it: each is in a row, so there are no more than rows. */
function ascending(body: PayloadCursor, rows: number): Int32Array {
  const count = body.count(1);
  if (count > rows) throw damaged('a list of what is in no change');
  const ids = body.column(count);
  for (let index = 1; index < ids.length; index++) {
    const id = ids[index - 1]! + ids[index]!;
    if (id > maxInteger) throw damaged('an id is too large');
    ids[index] = id;
  }
  return ids;
}
