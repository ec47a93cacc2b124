/**
 * Where a recording goes while it is made. A session gives each of its sinks everything once, in order. What one sink
 * throws is reported; that sink gets nothing more, the others go on. `sink.test.ts` holds every sink to this.
 */
export interface Sink {
  /** Names it in reports of errors. */
  readonly name: string;
  /** There is a process to sample. Called at most once, and before `write`. */
  open?(): void;
  /**
   * Takes a payload of the recording (docs/recording-format.md), which is not to be changed: others get the same bytes.
   * It comes from a timer's turn, so what takes long is to be put off to `close` or to a thread. Throws what keeps it
   * from being taken.
   */
  write(payload: Uint8Array): void;
  /**
   * Nothing comes any more. Called once, also after an error and where nothing ever came; the session ends when all
   * have done so.
   */
  close(): void | Promise<void>;
}

/** Called with what a sink threw. */
export type SinkErrorListener = (error: unknown, sink: Sink) => void;

/** Several sinks as one, apart from each other. */
export class SinkGroup {
  readonly #sinks: readonly Sink[];
  readonly #onError: SinkErrorListener;
  readonly #failed = new Set<Sink>();
  #isOpen = false;
  #isClosed = false;

  constructor(sinks: readonly Sink[], onError: SinkErrorListener) {
    this.#sinks = sinks;
    this.#onError = onError;
  }

  /** Again is no matter: several processes may be attached. */
  open(): void {
    if (this.#isOpen || this.#isClosed) return;
    this.#isOpen = true;
    this.#each((sink) => sink.open?.());
  }

  /** What comes after the end is dropped: it may still be on its way from the sampler's thread. */
  write(payload: Uint8Array): void {
    if (this.#isClosed) return;
    this.open();
    this.#each((sink) => sink.write(payload));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all(
      this.#sinks.map(async (sink) => {
        try {
          await sink.close();
        } catch (error) {
          this.#fail(error, sink);
        }
      }),
    );
  }

  #each(act: (sink: Sink) => void): void {
    for (const sink of this.#sinks) {
      if (this.#failed.has(sink)) continue;
      try {
        act(sink);
      } catch (error) {
        this.#fail(error, sink);
      }
    }
  }

  #fail(error: unknown, sink: Sink): void {
    this.#failed.add(sink);
    this.#onError(error, sink);
  }
}
