import type { ServerResponse } from 'node:http';
import type { LiveState } from '../model/live-state.js';

/** Milliseconds between two announcements that there is more: pages paint no faster, and eyes see no more. */
const interval = 1000;

/**
 * Open pages, each by a stream of server-sent events that say what there is. Nothing queues up: who does not read
 * misses announcements, and gets the last one when there is room again.
 */
export class Viewers {
  /** What is on its way to each. */
  readonly #streams = new Map<
    ServerResponse,
    'nothing' | 'an event' | 'an event, and there is a later one'
  >();
  readonly #state: () => LiveState;
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(state: () => LiveState) {
    this.#state = state;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Its headers are sent already. */
  add(stream: ServerResponse): void {
    this.#streams.set(stream, 'nothing');
    stream.on('close', () => this.#streams.delete(stream));
    stream.on('error', () => {});
    this.#send(stream);
  }

  /** There is more. */
  grown(): void {
    const rest = this.#last + interval - performance.now();
    if (rest <= 0) this.changed();
    else this.#timer ??= setTimeout(() => this.changed(), rest);
  }

  /** Something else than more: at once. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    for (const stream of this.#streams.keys()) this.#send(stream);
  }

  /** The last event: nothing will come. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stream of this.#streams.keys()) stream.end('event: end\ndata: {}\n\n');
  }

  #send(stream: ServerResponse): void {
    if (this.#streams.get(stream) !== 'nothing') {
      this.#streams.set(stream, 'an event, and there is a later one');
      return;
    }
    this.#streams.set(stream, 'an event');
    stream.write(`data: ${JSON.stringify(this.#state())}\n\n`, (error) => {
      const isLate = this.#streams.get(stream) === 'an event, and there is a later one';
      if (error || !this.#streams.has(stream)) return;
      this.#streams.set(stream, 'nothing');
      if (isLate) this.#send(stream);
    });
  }
}
