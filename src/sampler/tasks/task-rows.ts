import type { RecordingEncoder } from '../../recording/recording-encoder.js';

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
