import { ByteSink } from '../bytes/byte-sink.js';
import { noContext } from '../model/context.js';

const absent = -1;
/**
 * Times are told in steps of about this part of the sampling period: finer than that they tell nothing of intervals
 * that vary at random.
 */
const stepsPerPeriod = 64;

/** The power of two of the longest step: 18 minutes, for a rate of one sample in 19 hours. */
const coarsestStep = 30;
/** Microseconds, 142 years: with it sums and multiples of steps stay whole numbers. */
const latestTime = 2 ** 52;

/** What is remembered of a process between its ticks. */
interface ProcessState {
  /** Time of its last tick; -1 before the first. */
  lastTick: number;
  /** The batch that the other fields belong to. */
  batch: number;
  /** Its place in the batch's list of processes. */
  index: number;
  /** Threads that were seen in its last tick. */
  present: Int32Array;
  presentCount: number;
}

/**
 * The ticks of one block. Only changes are kept: a row says that from this tick on a thread shows another stack or
 * other flags, or is absent. The first tick of a process in a batch lists all its threads, so a batch can be read
 * without the one before it.
 *
 * Columns while sampling are plain numbers; `moveTo` turns them into bytes.
 */
export class TickBatchWriter {
  /** Microseconds that times are multiples of: a power of two. */
  readonly #step: number;
  #batch = 1;
  #base = 0;
  #lastTime = 0;
  readonly #processes: ProcessState[] = [];
  readonly #listed: ProcessState[] = [];
  readonly #listedIds: number[] = [];
  readonly #listedAges: number[] = [];

  #ticks = 0;
  /** Steps since the tick before. */
  #tickDelta = new Float64Array(1024);
  #tickProcess = new Int32Array(1024);
  #rows = 0;
  #rowTick = new Int32Array(1024);
  #rowThread = new Int32Array(1024);
  #rowStack = new Int32Array(1024);
  #rowFlags = new Int32Array(1024);
  #rowContext = new Int32Array(1024);
  /** Whether a row of this batch has a context: else nothing is written of them. */
  #hasContexts = false;

  #threads = 0;
  #stackOf = new Int32Array(64);
  #flagsOf = new Int32Array(64);
  #contextOf = new Int32Array(64);
  #batchOf = new Int32Array(64);
  #tickOf = new Int32Array(64);

  #current: ProcessState | undefined;
  #seen = 0;

  readonly #body = new ByteSink(8192);
  readonly #threadIndex = new LocalIndex();
  readonly #stackIndex = new LocalIndex();
  readonly #contextIndex = new LocalIndex();

  readonly #kind: number;

  /** `rate`: samples a second. `kind`: of the entries that it writes. */
  constructor(rate: number, kind: number) {
    this.#kind = kind;
    const ideal = Math.round(Math.log2(1e6 / rate / stepsPerPeriod));
    this.#step = 2 ** Math.min(Math.max(0, ideal || 0), coarsestStep);
  }

  /** Changes and ticks since the last batch. */
  get rows(): number {
    return this.#rows + this.#ticks;
  }

  addProcess(): void {
    this.#processes.push({ lastTick: -1, batch: 0, index: 0, present: new Int32Array(16), presentCount: 0 });
  }

  addThread(): void {
    const id = this.#threads++;
    if (id < this.#stackOf.length) return;
    this.#stackOf = doubled(this.#stackOf);
    this.#flagsOf = doubled(this.#flagsOf);
    this.#contextOf = doubled(this.#contextOf);
    this.#batchOf = doubled(this.#batchOf);
    this.#tickOf = doubled(this.#tickOf);
  }

  beginTick(process: number, timeMicros: number): void {
    const state = this.#processes[process]!;
    const known = timeMicros > 0 ? Math.min(timeMicros, latestTime) : 0;
    const time = Math.max(this.#lastTime, Math.round(known / this.#step) * this.#step);
    if (this.#ticks === 0) this.#base = this.#lastTime;
    if (state.batch !== this.#batch) this.#list(process, state);
    if (this.#ticks === this.#tickDelta.length) {
      const larger = new Float64Array(this.#ticks * 2);
      larger.set(this.#tickDelta);
      this.#tickDelta = larger;
      this.#tickProcess = doubled(this.#tickProcess);
    }
    this.#tickDelta[this.#ticks] = (time - this.#lastTime) / this.#step;
    this.#tickProcess[this.#ticks] = state.index;
    this.#lastTime = time;
    this.#current = state;
    this.#seen = 0;
  }

  sample(thread: number, stack: number, flags: number, context: number): void {
    const here = this.#batchOf[thread] === this.#batch;
    if (here && this.#tickOf[thread] === this.#ticks) return;
    const wasPresent = here && this.#stackOf[thread] !== absent;
    this.#tickOf[thread] = this.#ticks;
    this.#seen++;
    if (
      wasPresent &&
      this.#stackOf[thread] === stack &&
      this.#flagsOf[thread] === flags &&
      this.#contextOf[thread] === context
    )
      return;
    this.#batchOf[thread] = this.#batch;
    this.#stackOf[thread] = stack;
    this.#flagsOf[thread] = flags;
    this.#contextOf[thread] = context;
    if (!wasPresent) {
      const state = this.#current!;
      if (state.presentCount === state.present.length) state.present = doubled(state.present);
      state.present[state.presentCount++] = thread;
    }
    this.#row(thread, stack, flags, context);
  }

  /** A tick in which all threads of the process show what they showed in the one before. */
  repeatTick(process: number, timeMicros: number): void {
    const state = this.#processes[process]!;
    const unlisted = state.batch === this.#batch ? 0 : state.presentCount;
    this.beginTick(process, timeMicros);
    for (let index = 0; index < unlisted; index++) {
      const thread = state.present[index]!;
      this.sample(thread, this.#stackOf[thread]!, this.#flagsOf[thread]!, this.#contextOf[thread]!);
    }
    state.lastTick = this.#lastTime;
    this.#ticks++;
  }

  endTick(): void {
    const state = this.#current!;
    if (this.#seen < state.presentCount) this.#dropUnseen(state);
    state.lastTick = this.#lastTime;
    this.#ticks++;
  }

  /** Writes the batch as one entry, if it has a tick, and begins the next. */
  moveTo(out: ByteSink): void {
    if (this.#ticks === 0) return;
    const body = this.#body;
    body.clear();
    body.varint(this.#base);
    body.varint(this.#step);
    body.varint(this.#listed.length);
    for (const id of this.#listedIds) body.varint(id);
    for (const age of this.#listedAges) body.varint(age);
    this.#writeTicks(body);
    this.#writeRows(body);
    out.varint(this.#kind);
    out.varint(body.length);
    out.append(body.written);
    this.#ticks = 0;
    this.#rows = 0;
    this.#hasContexts = false;
    this.#batch++;
    this.#listed.length = this.#listedIds.length = this.#listedAges.length = 0;
  }

  #writeTicks(body: ByteSink): void {
    const deltas = this.#tickDelta;
    body.varint(this.#ticks);
    if (this.#listed.length > 1) {
      for (let tick = 0; tick < this.#ticks; tick++) body.varint(this.#tickProcess[tick]!);
    }
    // Apart, since the low byte is noise that varies with the interval and the rest is 0 but for ticks that came late.
    for (let tick = 0; tick < this.#ticks; tick++) body.byte(deltas[tick]! % 256);
    for (let tick = 0; tick < this.#ticks; tick++) body.varint(Math.floor(deltas[tick]! / 256));
  }

  #writeRows(body: ByteSink): void {
    const rows = this.#rows;
    body.varint(rows);
    this.#threadIndex.write(this.#rowThread, rows, body);
    this.#stackIndex.write(this.#rowStack, rows, body);
    for (let row = 0, tick = 0; row < rows; row++) {
      body.varint(this.#rowTick[row]! - tick);
      tick = this.#rowTick[row]!;
    }
    if (this.#threadIndex.count > 1) {
      for (let row = 0; row < rows; row++) body.varint(this.#threadIndex.of(this.#rowThread[row]!));
    }
    for (let row = 0; row < rows; row++) {
      const stack = this.#rowStack[row]!;
      body.varint(stack === absent ? 0 : 1 + this.#stackIndex.of(stack));
    }
    for (let row = 0; row < rows; row++) body.varint(this.#rowFlags[row]!);
    if (!this.#hasContexts) return;
    this.#contextIndex.write(this.#rowContext, rows, body);
    for (let row = 0; row < rows; row++) body.varint(this.#contextIndex.of(this.#rowContext[row]!));
  }

  #list(process: number, state: ProcessState): void {
    state.batch = this.#batch;
    state.index = this.#listed.length;
    state.presentCount = 0;
    this.#listed.push(state);
    this.#listedIds.push(process);
    this.#listedAges.push(state.lastTick < 0 ? 0 : 1 + this.#base - state.lastTick);
  }

  #dropUnseen(state: ProcessState): void {
    const { present } = state;
    let kept = 0;
    for (let index = 0; index < state.presentCount; index++) {
      const thread = present[index]!;
      if (this.#tickOf[thread] === this.#ticks) present[kept++] = thread;
      else {
        this.#stackOf[thread] = absent;
        this.#row(thread, absent, 0, noContext);
      }
    }
    state.presentCount = kept;
  }

  #row(thread: number, stack: number, flags: number, context: number): void {
    const row = this.#rows++;
    if (row === this.#rowTick.length) {
      this.#rowTick = doubled(this.#rowTick);
      this.#rowThread = doubled(this.#rowThread);
      this.#rowStack = doubled(this.#rowStack);
      this.#rowFlags = doubled(this.#rowFlags);
      this.#rowContext = doubled(this.#rowContext);
    }
    this.#rowTick[row] = this.#ticks;
    this.#rowThread[row] = thread;
    this.#rowStack[row] = stack;
    // The sign bit is no flag, and a varint has none.
    this.#rowFlags[row] = flags & 0x7fff_ffff;
    this.#rowContext[row] = context;
    if (context !== noContext) this.#hasContexts = true;
  }
}

/**
 * The distinct ids of one column of a batch, ascending, and the place of each: small numbers whatever the ids are.
 * What it remembers between batches is only room.
 */
class LocalIndex {
  count = 0;
  #ids = new Int32Array(64);
  /** By id: 0 when it is not in this batch, otherwise 1 + its place. */
  #place = new Int32Array(64);

  /** Collects the ids of `column` and writes them: their count, then each less the one before it. */
  write(column: Int32Array, length: number, out: ByteSink): void {
    for (let index = 0; index < this.count; index++) this.#place[this.#ids[index]!] = 0;
    this.count = 0;
    for (let row = 0; row < length; row++) {
      const id = column[row]!;
      if (id !== absent) this.#collect(id);
    }
    this.#ids.subarray(0, this.count).sort();
    out.varint(this.count);
    for (let index = 0, before = 0; index < this.count; index++) {
      const id = this.#ids[index]!;
      this.#place[id] = index + 1;
      out.varint(id - before);
      before = id;
    }
  }

  of(id: number): number {
    return this.#place[id]! - 1;
  }

  #collect(id: number): void {
    while (id >= this.#place.length) this.#place = doubled(this.#place);
    if (this.#place[id] !== 0) return;
    this.#place[id] = 1;
    if (this.count === this.#ids.length) this.#ids = doubled(this.#ids);
    this.#ids[this.count++] = id;
  }
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
