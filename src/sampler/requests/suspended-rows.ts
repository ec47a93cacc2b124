import type { ReadTask } from '../../cpython/asyncio/task-reader.js';
import { eachInSteps, type Steps } from '../../memory/steps.js';
import type { RecordingEncoder } from '../../recording/recording-encoder.js';
import { type CodeTable, hiddenFrame } from '../code-table.js';
import type { LookRow } from '../look-records.js';
import type { RequestFinder } from './request-finder.js';
import type { RequestInHand } from './request-in-hand.js';

/** Requests that are recorded in one step. */
const recordedTogether = 128;

export interface SuspendedRowsParts {
  readonly codes: Pick<CodeTable, 'frame'>;
  readonly encoder: Pick<RecordingEncoder, 'defineSlot' | 'defineStack'>;
  readonly requests: Pick<RequestFinder, 'contextWithin'>;
}

export interface SuspendedRow extends LookRow {
  readonly request: RequestInHand;
}

/** What a thread has in hand. */
export interface ThreadInHand {
  readonly request: RequestInHand | undefined;
}

/** What the recording says of each suspended request: a slot, and the stack in which its task waits. */
export class SuspendedRows {
  readonly #parts: SuspendedRowsParts;
  /** By the address of a task. */
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  /** The stack of a task that is as it was: the reader gives the same object. */
  readonly #stacks = new WeakMap<ReadTask, number>();

  constructor(parts: SuspendedRowsParts) {
    this.#parts = parts;
  }

  /** `found`: those of all tasks at a look. */
  *now(found: ReadonlyMap<ReadTask, RequestInHand>): Steps<SuspendedRow[]> {
    const { encoder, requests } = this.#parts;
    const seen = new Set<number>();
    const rows: SuspendedRow[] = [];
    yield* eachInSteps(found, recordedTogether, ([task, request]) => {
      if (task.state === 'running' || task.frames.length === 0) return;
      const stack = this.#stackOf(task);
      if (stack === 0) return;
      let slot = this.#slots.get(task.address);
      if (slot === undefined) {
        slot = this.#free.pop() ?? encoder.defineSlot();
        this.#slots.set(task.address, slot);
      }
      seen.add(task.address);
      rows.push({ id: slot, stack, context: requests.contextWithin(request, request.labels), request });
    });
    yield* eachInSteps(this.#slots, recordedTogether, ([task, slot]) => {
      if (seen.has(task)) return;
      this.#slots.delete(task);
      this.#free.push(slot);
    });
    return rows;
  }

  /** The recording's stack of a task's frames; 0: it has none that can be read. */
  #stackOf(task: ReadTask): number {
    const known = this.#stacks.get(task);
    if (known !== undefined) return known;
    const { codes, encoder } = this.#parts;
    let stack = 0;
    for (const { code, instruction } of task.frames.toReversed()) {
      const frame = codes.frame(code, instruction);
      if (frame === hiddenFrame) continue;
      if (frame < 0) break;
      stack = encoder.defineStack(stack, frame);
    }
    this.#stacks.set(task, stack);
    return stack;
  }
}

/** A worker thread does the work of a task that waits for it: that time counts there. */
export function withoutThreads(
  rows: readonly SuspendedRow[],
  threads: readonly ThreadInHand[],
): readonly SuspendedRow[] {
  const onThreads = new Set<RequestInHand>();
  for (const { request } of threads) if (request && request.future !== 0) onThreads.add(request);
  return onThreads.size === 0 ? rows : rows.filter(({ request }) => !onThreads.has(request));
}

export function isEqual(a: readonly SuspendedRow[], b: readonly SuspendedRow[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}
