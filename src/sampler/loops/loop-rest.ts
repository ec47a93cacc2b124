import type { CodeInfo } from '../../cpython/code-reader.js';

/** Where a loop waits for what comes next; `selectors.py` has one for each system call. */
const waitFunction = 'select';
const waitFile = 'selectors.py';

/** Whether a loop whose thread is within this function waits. */
export function isWaitOfLoop(code: Pick<CodeInfo, 'name' | 'fileName'> | undefined): boolean {
  return code?.name === waitFunction && code.fileName.endsWith(waitFile);
}

/**
 * Since when a loop has begun and ended no step of any task, so that those which wait are as they were. It waited then;
 * what wakes it has its steps put into the queue, from which the loop takes them, so while nothing was taken there was
 * none. Or it was within a step, and still is. That the queue is as it was does not suffice: the last step that was
 * taken from it may end at any time.
 */
export class LoopRest {
  /** It waited when its thread was found last, or was within a step. */
  isWaiting = false;
  isInStep = false;
  /** It was within a step since then. */
  #isOfStep = false;
  /** Microseconds; infinite: it may have run one. */
  since = Number.POSITIVE_INFINITY;

  /** What a copy has of its queue: `isUntouched` as `ReadyQueue` has it. */
  copied(isUntouched: boolean | undefined, time: number): void {
    if (!isUntouched || this.isInStep !== this.#isOfStep) this.since = Number.POSITIVE_INFINITY;
    this.#isOfStep = this.isInStep;
    if (isUntouched !== undefined && (this.isWaiting || this.isInStep))
      this.since = Math.min(this.since, time);
  }
}

/**
 * Since when none of these loops has begun or ended a step, microseconds, as of the last copy; infinite: one may have,
 * or is not known, or none is.
 */
export function restSince(
  known: Iterable<{ readonly loop: number; readonly rest: Pick<LoopRest, 'since'> }>,
  loops: ReadonlySet<number>,
): number {
  const left = new Set(loops);
  let last = Number.NEGATIVE_INFINITY;
  for (const { loop, rest } of known) {
    left.delete(loop);
    last = Math.max(last, rest.since);
  }
  return left.size > 0 || last === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : last;
}
