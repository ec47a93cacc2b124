import { RunFlag } from '../../model/profile.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';

/** Rows that wait for their time at most: beyond that the oldest are written, and earlier ones count from then on. */
const mostWaiting = 500_000;

/** What the recording says of the tasks of one process from one moment on: of each a row, a stack and a context. */
interface TaskRecord {
  readonly process: number;
  /** Microseconds. */
  readonly time: number;
  readonly rows: readonly TaskRow[];
}

export interface TaskRow {
  readonly id: number;
  readonly stack: number;
  readonly context: number;
}

/**
 * Puts the records of the tasks of all processes in the order of their times: that of a look is known only at the next
 * one, and one process may have looks of seconds while another has ten a second.
 */
export class TaskRecords {
  readonly #encoder: Pick<RecordingEncoder, 'beginTasks' | 'task' | 'endTasks'>;
  /** By process: it has no record of before that. */
  readonly #known = new Map<number, number>();
  #waiting: TaskRecord[] = [];
  #waitingRows = 0;

  constructor(encoder: Pick<RecordingEncoder, 'beginTasks' | 'task' | 'endTasks'>) {
    this.#encoder = encoder;
  }

  /** All that comes of the process is of this time, in microseconds, or later. */
  knownUntil(process: number, time: number): void {
    this.#known.set(process, time);
    this.#write();
  }

  /** Nothing more comes of the process. */
  ended(process: number): void {
    this.#known.delete(process);
    this.#write();
  }

  add(process: number, time: number, rows: readonly TaskRow[]): void {
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
      this.#encoder.beginTasks(process, time);
      for (const { id, stack, context } of rows) this.#encoder.task(id, stack, RunFlag.waiting, context);
      this.#encoder.endTasks();
    }
    if (count > 0) this.#waiting = this.#waiting.slice(count);
  }
}
