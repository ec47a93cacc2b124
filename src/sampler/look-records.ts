import { RunFlag } from '../model/profile.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';

/** Rows that wait for their time at most: beyond that the oldest are written, and earlier ones count from then on. */
const mostWaiting = 500_000;

/** What the recording says of the tasks of one process from one moment on: of each a row, a stack and a context. */
interface LookRecord {
  readonly process: number;
  /** Microseconds. */
  readonly time: number;
  readonly rows: readonly LookRow[];
}

export interface LookRow {
  readonly id: number;
  readonly stack: number;
  readonly context: number;
}

/** The part of a recording that has what was seen at looks: rows of tasks, or suspended requests. */
export interface LookStream {
  begin(process: number, timeMicros: number): void;
  add(row: number, stack: number, flags: number, context: number): void;
  end(): void;
}

/**
 * Puts what was seen of the tasks of all processes in the order of its times: that of a look is known only at the next
 * one, and one process may have looks of seconds while another has ten a second.
 */
export class LookRecords {
  readonly #stream: LookStream;
  /** By process: it has no record of before that. */
  readonly #known = new Map<number, number>();
  #waiting: LookRecord[] = [];
  #waitingRows = 0;

  constructor(stream: LookStream) {
    this.#stream = stream;
  }

  static ofTasks(encoder: Pick<RecordingEncoder, 'beginTasks' | 'task' | 'endTasks'>): LookRecords {
    return new LookRecords({
      begin: (process, time) => encoder.beginTasks(process, time),
      add: (row, stack, flags, context) => encoder.task(row, stack, flags, context),
      end: () => encoder.endTasks(),
    });
  }

  static ofRequests(
    encoder: Pick<RecordingEncoder, 'beginSuspended' | 'suspended' | 'endSuspended'>,
  ): LookRecords {
    return new LookRecords({
      begin: (process, time) => encoder.beginSuspended(process, time),
      add: (slot, stack, flags, context) => encoder.suspended(slot, stack, flags, context),
      end: () => encoder.endSuspended(),
    });
  }

  /** Whether something waits until it is known that nothing comes before it. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** All that comes of the process is of this time, in microseconds, or later. */
  knownUntil(process: number, time: number): void {
    this.#known.set(process, time);
    if (this.isWaiting) this.#write();
  }

  /** Nothing more comes of the process. */
  ended(process: number): void {
    this.#known.delete(process);
    this.#write();
  }

  add(process: number, time: number, rows: readonly LookRow[]): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.time > time) at--;
    this.#waiting.splice(at, 0, { process, time, rows });
    this.#waitingRows += rows.length;
  }

  #write(): void {
    const until = Math.min(...this.#known.values());
    let count = 0;
    for (const { process, time, rows } of this.#waiting) {
      if (time > until && this.#waitingRows <= mostWaiting) break;
      count++;
      this.#waitingRows -= rows.length;
      this.#stream.begin(process, time);
      for (const { id, stack, context } of rows) this.#stream.add(id, stack, RunFlag.waiting, context);
      this.#stream.end();
    }
    if (count > 0) this.#waiting = this.#waiting.slice(count);
  }
}
