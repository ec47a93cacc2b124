import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import type { LookRow } from '../look-records.js';
import type { TaskContexts } from './task-contexts.js';

export interface TaskRow {
  /** The recording's number of it. */
  readonly id: number;
  readonly group: string;
}

/** The rows of a process, each of which has one task of a name after the other. */
export class TaskRows {
  readonly #encoder: Pick<RecordingEncoder, 'defineThread'>;
  readonly #process: number;
  readonly #free = new Map<string, TaskRow[]>();

  /** `process`: the recording's number of it. */
  constructor(encoder: Pick<RecordingEncoder, 'defineThread'>, process: number) {
    this.#encoder = encoder;
    this.#process = process;
  }

  of(group: string): TaskRow {
    const free = this.#free.get(group)?.pop();
    if (free) return free;
    const process = this.#process;
    return {
      id: this.#encoder.defineThread({ process, threadId: 0, name: group, interpreter: 0, isTask: true }),
      group,
    };
  }

  /** Nothing is on it any more. */
  release(row: TaskRow): void {
    const free = this.#free.get(row.group);
    if (free) free.push(row);
    else this.#free.set(row.group, [row]);
  }
}

/** What is recorded of a task, or a greenlet, that waits. */
export interface WaitingTask {
  readonly address: number;
  readonly group: string;
  /** Of the recording; 0: none. */
  readonly stack: number;
}

/** The rows of those that wait: each keeps its own from one look to the next. */
export class WaitingRows {
  readonly #rows: TaskRows;
  readonly #contexts: TaskContexts;
  /** By the address of the task. */
  readonly #known = new Map<number, TaskRow>();

  constructor(rows: TaskRows, contexts: TaskContexts) {
    this.#rows = rows;
    this.#contexts = contexts;
  }

  /** Of one look. `labels`: what the tasks of the process are within. */
  at(tasks: Iterable<WaitingTask>, labels: number): LookRow[] {
    const found: LookRow[] = [];
    const gone = new Map(this.#known);
    for (const { address, group, stack } of tasks) {
      if (stack === 0) continue;
      let row = this.#known.get(address);
      // Another one may lie there by now.
      if (row?.group !== group) {
        if (row) this.#rows.release(row);
        row = this.#rows.of(group);
        this.#known.set(address, row);
      }
      gone.delete(address);
      found.push({ id: row.id, stack, context: this.#contexts.of(group, labels) });
    }
    for (const [address, row] of gone) {
      this.#known.delete(address);
      this.#rows.release(row);
    }
    return found;
  }
}
