import assert from 'node:assert/strict';

/** A begin and its end. Times are microseconds. */
export interface Slice {
  readonly name: string;
  readonly category: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** 0 is outermost. */
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  /** CPU time; `undefined` when it is not known. */
  readonly cpu: number | undefined;
}

export interface TraceThread {
  readonly process: string;
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  /** In the order in which they begin. */
  readonly slices: readonly Slice[];
  /** What it worked for. */
  readonly contexts: readonly Slice[];
}

export interface ReadTrace {
  readonly otherData: Readonly<Record<string, unknown>>;
  readonly threads: readonly TraceThread[];
}

interface TraceEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly tts?: number;
  readonly id?: number;
  readonly name?: string;
  readonly cat?: string;
  readonly args?: Record<string, unknown>;
}

type Row = { -readonly [K in keyof TraceThread]: TraceThread[K] } & { slices: Slice[]; contexts: Slice[] };

/**
 * Trace events, strictly: each thread is named before its first event, nothing goes back in time, every begin has its
 * end, nested, and nothing takes no time. Anything else throws.
 */
export function readTrace(text: string): ReadTrace {
  const { traceEvents, otherData } = JSON.parse(text);
  const rows = new Map<string, Row>();
  const processes = new Map<number, string>();
  const open = new Map<string, { event: TraceEvent; place: number }[]>();
  const latest = new Map<string, number>();
  for (const event of traceEvents as TraceEvent[]) {
    const { ph, pid, tid, ts } = event;
    for (const number of [pid, tid, ts]) assert.ok(Number.isSafeInteger(number) && number >= 0);
    assert.ok(pid > 0 && tid > 0);
    const key = `${pid}/${tid}`;
    if (ph === 'M') {
      if (event.name === 'process_name') processes.set(pid, String(event.args!['name']));
      if (event.name !== 'thread_name') continue;
      assert.ok(!rows.has(key), `${key} is named twice`);
      const process = processes.get(pid);
      assert.ok(process !== undefined, `process ${pid} has no name`);
      rows.set(key, { process, pid, tid, name: String(event.args!['name']), slices: [], contexts: [] });
      continue;
    }
    const row = rows.get(key);
    assert.ok(row !== undefined, `${key} has no name`);
    const isNested = ph === 'B' || ph === 'E';
    assert.ok(isNested || ph === 'b' || ph === 'e', ph);
    if (!isNested) assert.ok(Number.isSafeInteger(event.id) && event.cat === 'context');
    const stackKey = isNested ? key : `${pid} ${event.cat} ${event.id}`;
    assert.ok(ts >= (latest.get(stackKey) ?? 0), `${stackKey} goes back in time`);
    latest.set(stackKey, ts);
    const stack = open.get(stackKey) ?? [];
    open.set(stackKey, stack);
    const slices = isNested ? row.slices : row.contexts;
    if (ph === 'B' || ph === 'b') {
      assert.ok(event.name && event.cat && event.args);
      stack.push({ event, place: slices.push(undefined as never) - 1 });
      continue;
    }
    const begun = stack.pop();
    assert.ok(begun !== undefined, `${stackKey}: an end without a begin`);
    slices[begun.place] = sliceOf(begun.event, event, stack.length);
  }
  for (const [key, stack] of open) assert.deepEqual(stack, [], `${key}: a begin without an end`);
  return { otherData, threads: [...rows.values()] };
}

function sliceOf(begin: TraceEvent, end: TraceEvent, depth: number): Slice {
  assert.ok(end.ts > begin.ts, `${begin.name} takes no time`);
  assert.ok(end.name === undefined || end.name === begin.name);
  const cpu = begin.tts === undefined || end.tts === undefined ? undefined : end.tts - begin.tts;
  assert.ok(cpu === undefined || cpu >= 0);
  return {
    name: begin.name!,
    category: begin.cat!,
    args: begin.args!,
    depth,
    start: begin.ts,
    end: end.ts,
    cpu,
  };
}
