import { noContext } from '../model/context.js';
import type { RecordingEncoder } from '../recording/recording-encoder.js';
import type { LabelRequest } from './messages.js';

/** A label that holds now, and its number as a context within each of those that it was seen in. */
interface Label {
  readonly id: number;
  readonly values: Readonly<Record<string, string>>;
  readonly contexts: Map<number, number>;
}

/** Grows with each change: whoever keeps what `contextOf` said asks again. One object of all processes. */
export interface LabelChanges {
  readonly count: number;
}

/** What the threads of one process work for. */
export interface ProcessLabels {
  readonly changes: LabelChanges;
  /** The context of a thread, by the kernel's id of it. */
  contextOf(threadId: number): number;
}

/**
 * The labels that a caller of the library set and did not end yet. Those of all that is sampled come first, then those
 * of a process, then those of a thread, each in the order in which they were set: what comes later is within what came
 * before.
 */
export class ThreadLabels {
  readonly #changes = { count: 0 };
  readonly #define: RecordingEncoder['defineContext'];
  readonly #ofAll: Label[] = [];
  readonly #ofProcess = new Map<number, Label[]>();
  readonly #ofThread = new Map<number, Label[]>();
  /** Where each label is, to end it. */
  readonly #lists = new Map<
    number,
    { readonly map: Map<number, Label[]> | undefined; readonly key: number }
  >();

  constructor(encoder: Pick<RecordingEncoder, 'defineContext'>) {
    this.#define = (context) => encoder.defineContext(context);
  }

  /** Those of one process's threads. */
  ofProcess(pid: number): ProcessLabels {
    return { changes: this.#changes, contextOf: (threadId) => this.contextOf(pid, threadId) };
  }

  apply(request: LabelRequest): void {
    this.#changes.count++;
    if (request.kind === 'end-label') this.#end(request.id);
    else this.#begin(request);
  }

  /** The context of a thread, by the kernel's ids. */
  contextOf(pid: number, threadId: number): number {
    let context = this.#within(noContext, this.#ofAll);
    context = this.#within(context, this.#ofProcess.get(pid));
    return this.#within(context, this.#ofThread.get(threadId));
  }

  #begin({ id, values, pid, threadId }: Extract<LabelRequest, { kind: 'label' }>): void {
    const map = threadId === undefined ? (pid === undefined ? undefined : this.#ofProcess) : this.#ofThread;
    const key = threadId ?? pid ?? 0;
    const list = map ? (map.get(key) ?? []) : this.#ofAll;
    list.push({ id, values, contexts: new Map() });
    map?.set(key, list);
    this.#lists.set(id, { map, key });
  }

  #end(id: number): void {
    const place = this.#lists.get(id);
    if (!place) return;
    this.#lists.delete(id);
    const { map, key } = place;
    const list = map ? map.get(key)! : this.#ofAll;
    list.splice(
      list.findIndex((label) => label.id === id),
      1,
    );
    if (list.length === 0) map?.delete(key);
  }

  #within(outer: number, labels: readonly Label[] | undefined): number {
    let context = outer;
    for (const { values, contexts } of labels ?? []) {
      let inner = contexts.get(context);
      if (inner === undefined) {
        inner = this.#define({ kind: 'labels', values, outer: context });
        contexts.set(context, inner);
      }
      context = inner;
    }
    return context;
  }
}
