import type { Runs } from '../../model/profile.js';
import type { SampleWeight } from '../sample-weights.js';

/** Which weights of a thread follow each other, without a time between them that is not shown. */
export class ThreadSteps {
  /** Of the weight at hand. */
  thread = 0;
  step = 0;
  readonly #last = new Map<number, { step: number; end: number }>();

  /** `runs`: of the weight's row. */
  next({ thread, run }: SampleWeight, { start, duration }: Runs): void {
    const begin = start.at(run);
    let last = this.#last.get(thread);
    if (last === undefined) {
      last = { step: 0, end: begin };
      this.#last.set(thread, last);
    }
    last.step += begin > last.end ? 2 : 1;
    last.end = begin + duration.at(run);
    [this.thread, this.step] = [thread, last.step];
  }
}
