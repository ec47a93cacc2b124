import { ByteSink, zigzag } from '../bytes/byte-sink.js';
import { encodeUtf8 } from '../bytes/text.js';
import { type Context, noContext } from '../model/context.js';
import { PairTable } from '../model/pair-table.js';
import type {
  FunctionInfo,
  Losses,
  ProcessInfo,
  RecordingInfo,
  ThreadInfo,
  UnrecordedChildren,
} from '../model/profile.js';
import { childrenBody } from './children-entry.js';
import { ContextTable } from './context-table.js';
import { EntryKind, maxInteger, maxWords, taskRow } from './format.js';
import { NewRows } from './new-rows.js';
import { cutBetweenPairs } from './stored-text.js';
import { TickBatchWriter } from './tick-batch-writer.js';

/** Stacks whose ids are remembered, in 8 MB; beyond it all are forgotten, and defined anew as they are seen again. */
const mostKnownStacks = 500_000;
/**
 * A table of this many bytes makes the block full. There are eight, so that with the largest batch of ticks a block
 * holds 45 MB of the 64 that a reader takes; one row more adds a string (192 KB) or the words of a command line (320
 * KB).
 */
const fullTableBytes = 4 << 20;
/** Changes of ticks, of at most 25 bytes each, after which a block is full. */
const fullBlockRows = 500_000;
const functionKinds = ['python', 'c', 'synthetic'] as const;

/** What makers of stacks need of an encoder. */
export type StackDefinitions = Pick<RecordingEncoder, 'defineFunction' | 'defineFrame' | 'defineStack'>;

/**
 * Turns what the sampler sees into payloads of blocks. `beginTick`, `sample` and `endTick` allocate nothing (but for
 * buffers that grow to what one block needs); definitions are for what was not seen before.
 *
 * Ids are counted up from 0, those of stacks from 1. Functions and frames that were defined before keep their id;
 * stacks do as a rule, and an id once given always means the same.
 * Times are microseconds since the recording began and never go backwards. They are rounded, those of ticks to about a
 * 64th of the sampling period.
 */
export class RecordingEncoder {
  readonly #payload = new ByteSink(4096);
  readonly #ticks: TickBatchWriter;
  /** Of suspended tasks, which have times of their own. */
  readonly #suspended: TickBatchWriter;
  /** Of rows of tasks, the same. */
  readonly #tasks: TickBatchWriter;
  #slots = 0;
  readonly #strings = new NewRows(EntryKind.strings, 2);
  readonly #processes = new NewRows(EntryKind.processes, 5);
  readonly #threads = new NewRows(EntryKind.threads, 5);
  readonly #threadNames = new NewRows(EntryKind.threadNames, 2);
  readonly #functions = new NewRows(EntryKind.functions, 6);
  readonly #frames = new NewRows(EntryKind.frames, 2);
  readonly #stacks = new NewRows(EntryKind.stacks, 2);
  readonly #contexts = new ContextTable(
    (text, known) => this.#string(text, known),
    () => this.#makeRoom(this.#contexts.rows),
  );
  readonly #threadEnds = new NewRows(EntryKind.threadEnds, 2);
  readonly #longSteps = new NewRows(EntryKind.longSteps, 3);
  /** In this order whatever is referred to comes before what refers to it. */
  readonly #tables = [
    ...[this.#strings, this.#processes, this.#threads, this.#threadNames],
    ...[this.#functions, this.#frames, this.#stacks, this.#contexts.rows],
  ];
  readonly #otherThreads = new NewRows(EntryKind.otherThreads, 3);
  readonly #stringIds = new Map<string, number>();
  #stringCount = 0;
  readonly #functionIds = new Map<string, number>();
  readonly #frameIds = new PairTable();
  readonly #stackIds = new PairTable(1);
  readonly #losses: Losses = { missed: 0, retried: 0, torn: 0, truncated: 0, unreadTasks: 0 };
  #processCount = 0;
  #threadCount = 0;
  #info: RecordingInfo | undefined;
  /** Blocks that were full before they were taken. */
  readonly #full: Uint8Array[] = [];
  #lossesChanged = false;
  #children: Uint8Array | undefined;
  #duration = -1;
  #lastFrameFunction = 0;
  #lastStackFrame = 0;

  constructor(info: RecordingInfo) {
    this.#info = { ...info, writer: cutBetweenPairs(info.writer), title: cutBetweenPairs(info.title) };
    this.#ticks = new TickBatchWriter(info.rate, EntryKind.ticks);
    this.#suspended = new TickBatchWriter(info.rate, EntryKind.suspendedTicks);
    this.#tasks = new TickBatchWriter(info.rate, EntryKind.taskTicks);
  }

  defineProcess(info: ProcessInfo): number {
    const id = this.#processCount++;
    const version = this.#string(info.pythonVersion);
    const words = info.commandLine.slice(0, maxWords).map((word) => this.#string(word));
    this.#makeRoom(this.#processes);
    this.#processes.add(id, idOrUnknown(info.pid), idOrUnknown(info.parentPid), version, words.length);
    for (const word of words) this.#processes.columns[4]!.varint(word);
    this.#ticks.addProcess();
    this.#suspended.addProcess();
    this.#tasks.addProcess();
    return id;
  }

  defineThread(info: ThreadInfo): number {
    const id = this.#threadCount++;
    const name = this.#string(info.name);
    this.#makeRoom(this.#threads);
    const interpreter = Math.min(whole(info.interpreter), maxInteger);
    const kind = info.isTask ? taskRow : 0;
    this.#threads.add(id, info.process, idOrUnknown(info.threadId), name, interpreter, kind);
    this.#ticks.addThread();
    this.#tasks.addThread();
    return id;
  }

  renameThread(thread: number, name: string): void {
    const id = this.#string(name);
    this.#makeRoom(this.#threadNames);
    this.#threadNames.add(0, thread, id);
  }

  defineFunction(info: FunctionInfo): number {
    const row = [
      functionKinds.indexOf(info.kind),
      this.#string(info.name),
      this.#string(info.qualifiedName),
      this.#string(info.file),
      this.#string(info.shortFile),
      lineNumber(info.firstLine),
    ];
    const key = row.join();
    const known = this.#functionIds.get(key);
    if (known !== undefined) return known;
    this.#makeRoom(this.#functions);
    const id = this.#functionIds.size;
    this.#functionIds.set(key, id);
    this.#functions.add(id, ...row);
    return id;
  }

  /** A line of a function; `line` 0 when it is not known. */
  defineFrame(fn: number, line: number): number {
    const before = this.#frameIds.next;
    const id = this.#frameIds.intern(fn, lineNumber(line));
    if (id < before) return id;
    this.#makeRoom(this.#frames);
    const previous = this.#frames.count === 0 ? 0 : this.#lastFrameFunction;
    this.#frames.add(id, zigzag(fn - previous), lineNumber(line));
    this.#lastFrameFunction = fn;
    return id;
  }

  /** `parent` and one frame more, innermost last. Parent 0 is the empty stack. */
  defineStack(parent: number, frame: number): number {
    if (this.#stackIds.size >= mostKnownStacks) this.#stackIds.clear(this.#stackIds.next);
    const before = this.#stackIds.next;
    const id = this.#stackIds.intern(parent, frame);
    if (id < before) return id;
    this.#makeRoom(this.#stacks);
    const previous = this.#stacks.count === 0 ? 0 : this.#lastStackFrame;
    this.#stacks.add(id, id - parent, zigzag(frame - previous));
    this.#lastStackFrame = frame;
    return id;
  }

  /** What threads work for; an outer one was defined before, 0 is none. */
  defineContext(context: Context): number {
    return this.#contexts.define(context);
  }

  /**
   * One moment at which `process` was sampled. Its first tick only says from when on it was watched: the runs that
   * begin with it have no duration yet. A tick without samples is therefore a good way to begin.
   */
  beginTick(process: number, timeMicros: number): void {
    this.#ticks.beginTick(process, timeMicros);
  }

  /** As a tick with the same samples as the last one of `process`, for less. */
  repeatTick(process: number, timeMicros: number): void {
    this.#ticks.repeatTick(process, timeMicros);
    if (this.#ticks.rows >= fullBlockRows) this.#closeBlock(true);
  }

  /**
   * For every thread that was seen in this tick; a thread without a call is absent. Unchanged ones cost a comparison.
   */
  sample(thread: number, stack: number, flags: number, context = noContext): void {
    this.#ticks.sample(thread, stack, flags, context);
  }

  endTick(): void {
    this.#ticks.endTick();
    if (this.#ticks.rows >= fullBlockRows) this.#closeBlock(true);
  }

  /**
   * A place for a suspended task of a process, which is another's once that is suspended no more. Numbers count up from
   * 0.
   */
  defineSlot(): number {
    this.#suspended.addThread();
    return this.#slots++;
  }

  /** One moment at which the suspended tasks of a process were looked at, as `beginTick`. */
  beginSuspended(process: number, timeMicros: number): void {
    this.#suspended.beginTick(process, timeMicros);
  }

  /** For every slot whose task was suspended then. */
  suspended(slot: number, stack: number, flags: number, context: number): void {
    this.#suspended.sample(slot, stack, flags, context);
  }

  endSuspended(): void {
    this.#suspended.endTick();
    if (this.#suspended.rows >= fullBlockRows) this.#closeBlock(true);
  }

  /** One moment at which all tasks of a process were looked at, as `beginTick`. */
  beginTasks(process: number, timeMicros: number): void {
    this.#tasks.beginTick(process, timeMicros);
  }

  /** For every row of tasks (`ThreadInfo.isTask`) whose task was suspended then. */
  task(row: number, stack: number, flags: number, context: number): void {
    this.#tasks.sample(row, stack, flags, context);
  }

  endTasks(): void {
    this.#tasks.endTick();
    if (this.#tasks.rows >= fullBlockRows) this.#closeBlock(true);
  }

  /** The thread is gone and will not be sampled again. */
  threadEnded(thread: number, timeMicros: number): void {
    this.#threadEnds.add(0, thread, whole(timeMicros));
  }

  /** A step of an event loop kept a thread for that long, from that moment on; both in microseconds. */
  longStep(thread: number, startMicros: number, durationMicros: number): void {
    this.#longSteps.add(0, thread, whole(startMicros), whole(durationMicros));
  }

  /** CPU time, microseconds since the recording began, of a process's threads of that name that run no Python. */
  otherThreads(process: number, name: string, cpuMicros: number): void {
    this.#otherThreads.add(0, process, this.#string(name), Math.min(whole(cpuMicros / 1000), 0x7fff_ffff));
  }

  /** What was lost since the recording began. */
  losses(losses: Losses): void {
    const known = this.#losses;
    this.#lossesChanged ||=
      known.missed !== losses.missed ||
      known.retried !== losses.retried ||
      known.torn !== losses.torn ||
      known.truncated !== losses.truncated ||
      known.unreadTasks !== losses.unreadTasks;
    known.missed = losses.missed;
    known.retried = losses.retried;
    known.torn = losses.torn;
    known.truncated = losses.truncated;
    known.unreadTasks = losses.unreadTasks;
  }

  /** What is known so far of children that are not in the recording; what was said before is replaced. */
  children(children: UnrecordedChildren): void {
    this.#children = childrenBody(children);
  }

  /** The recording is whole; the next block says so and is the last. */
  finish(durationMicros: number): void {
    this.#duration = whole(durationMicros);
  }

  /**
   * The next payload, not yet compressed, of what came since the last call; `undefined` when there is none left. One is
   * as a rule all, but no block is larger than a reader takes: call until there is no more. The bytes are the caller's.
   * Not between `beginTick` and `endTick`.
   */
  takeBlock(): Uint8Array | undefined {
    this.#closeBlock(true);
    return this.#full.shift();
  }

  /** Closes the block before a row is added to a table that is full. */
  #makeRoom(table: NewRows): void {
    if (table.size >= fullTableBytes) this.#closeBlock(false);
  }

  /** Ends of threads stay behind the ticks that they are about, in the block of those. */
  #closeBlock(withTicks: boolean): void {
    const out = this.#payload;
    out.clear();
    if (this.#info) {
      const json = encodeUtf8(JSON.stringify(this.#info));
      out.varint(EntryKind.info);
      out.varint(json.length);
      out.append(json);
      this.#info = undefined;
    }
    for (const table of this.#tables) table.moveTo(out);
    if (withTicks) {
      this.#ticks.moveTo(out);
      this.#suspended.moveTo(out);
      this.#tasks.moveTo(out);
      this.#threadEnds.moveTo(out);
      this.#longSteps.moveTo(out);
      this.#otherThreads.moveTo(out);
      const { missed, retried, torn, truncated, unreadTasks } = this.#losses;
      if (this.#lossesChanged)
        this.#numbers(out, EntryKind.losses, [missed, retried, torn, truncated, unreadTasks]);
      this.#lossesChanged = false;
      this.#writeChildren(out);
      if (this.#duration >= 0) this.#numbers(out, EntryKind.end, [this.#duration, 1]);
      this.#duration = -1;
    }
    if (out.length > 0) this.#full.push(out.written.slice());
  }

  #writeChildren(out: ByteSink): void {
    if (!this.#children) return;
    out.varint(EntryKind.children);
    out.varint(this.#children.length);
    out.append(this.#children);
    this.#children = undefined;
  }

  #numbers(out: ByteSink, kind: number, values: readonly number[]): void {
    const body = new ByteSink(64);
    for (const value of values) body.varint(whole(value));
    out.varint(kind);
    out.varint(body.length);
    out.append(body.written);
  }

  #string(text: string, ids = this.#stringIds): number {
    const kept = cutBetweenPairs(text);
    const known = ids.get(kept);
    if (known !== undefined) return known;
    this.#makeRoom(this.#strings);
    const id = this.#stringCount++;
    ids.set(kept, id);
    const bytes = encodeUtf8(kept);
    this.#strings.add(id, bytes.length);
    this.#strings.columns[1]!.append(bytes);
    return id;
  }
}

/**
 * What varints can hold of a number that comes from the target: nothing below 0, no fractions, nothing above 2^53 - 1.
 */
function whole(value: number): number {
  return value > 0 ? Math.min(Math.round(value), Number.MAX_SAFE_INTEGER) : 0;
}

function lineNumber(value: number): number {
  return value > 0 && value <= maxInteger ? Math.floor(value) : 0;
}

/** The kernel's id of a process or thread; 0, which is none, for what cannot be one. */
function idOrUnknown(value: number): number {
  return value > 0 && value <= maxInteger ? Math.round(value) : 0;
}
