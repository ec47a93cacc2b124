import { taskContext } from '../../model/context.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';

/** Contexts that are remembered. */
const mostKnown = 10_000;

/** The recording's numbers of tasks: by what they are called, and what that is within. */
export class TaskContexts {
  readonly #encoder: Pick<RecordingEncoder, 'defineContext'>;
  readonly #known = new Map<number, Map<string, number>>();
  #size = 0;

  constructor(encoder: Pick<RecordingEncoder, 'defineContext'>) {
    this.#encoder = encoder;
  }

  of(task: string, outer: number): number {
    const known = this.#known.get(outer)?.get(task);
    if (known !== undefined) return known;
    if (this.#size++ >= mostKnown) {
      this.#known.clear();
      this.#size = 1;
    }
    const context = this.#encoder.defineContext({
      kind: taskContext,
      values: { [taskContext]: task },
      outer,
    });
    const ofOuter = this.#known.get(outer) ?? new Map<string, number>();
    this.#known.set(outer, ofOuter.set(task, context));
    return context;
  }
}
