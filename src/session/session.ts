import type { LabelRequest, SamplerMessage, SamplingOrder } from '../sampler/messages.js';
import { startSampling } from '../sampler/start-sampling.js';
import { type Sink, SinkGroup } from './sink.js';
import { version } from './version.js';

/** What happens while sampling goes on. */
export type SessionEvent =
  | Extract<SamplerMessage, { kind: 'attached' | 'not-recorded' | 'progress' }>
  /** The program runs; it may take a while until there is Python in it. */
  | { readonly kind: 'started'; readonly pid: number };

/** How sampling ended. */
export type SessionEnd = Omit<Extract<SamplerMessage, { kind: 'finished' }>, 'kind'>;

export interface SessionOptions {
  /** A running process; absent with `start`. */
  readonly pid?: number;
  /**
   * Starts the program to be sampled, once the sampler waits for it: it is seen from its beginning. Not called when
   * stopped before.
   */
  readonly start?: () => Promise<{ readonly pid: number }>;
  /** Samples a second. */
  readonly rate: number;
  /** Seconds of wall time; Infinity: until stopped or the target ends. */
  readonly duration: number;
  /** Also child processes, and theirs. */
  readonly subprocesses: boolean;
  /** Instead of `pid` and `start`: samples what `order` names, until it is stopped. */
  readonly watches?: boolean;
  /** Orphans below the program become children of this process, which must be prepared for them. */
  readonly adoptsOrphans?: boolean;
  /** Stacks have C functions. */
  readonly cFunctions: boolean;
  /** As `SamplingOptions.tasks`. [false] */
  readonly tasks?: boolean;
  /** Frames that have a request in hand, besides the known ones: as `userAnchor` takes them. */
  readonly requestAnchors?: readonly string[];
  /** What the recording is called; secrets hidden. */
  readonly title: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly sinks: readonly Sink[];
  /** Not called any more once `finished` is settled. What it throws ends the session. */
  readonly onEvent?: (event: SessionEvent) => void;
  /** A sink failed; the others go on, unless this stops the session or throws. */
  readonly onSinkError: (error: unknown, sink: Sink) => void;
}

/** Sampling in progress. */
export interface Session {
  /** Asks for the end; `finished` settles soon after. */
  stop(): void;
  /** What threads work for from the next tick on. */
  label(request: LabelRequest): void;
  /** What is sampled, and how often. */
  order(order: SamplingOrder): void;
  /** Becomes true when the first process is attached, false when the session ends without. Never rejects. */
  readonly attached: Promise<boolean>;
  /**
   * Settles when all sinks are closed. Rejects with what keeps the target from being sampled, or what a listener threw.
   */
  readonly finished: Promise<SessionEnd>;
}

/** Samples in a thread of its own into the sinks, in the order in which they are given. */
export function startSession(options: SessionOptions): Session {
  const { pid = 0, rate, duration, subprocesses, cFunctions, adoptsOrphans = false, title, labels } = options;
  const { requestAnchors = [], watches = false, tasks = false } = options;
  let fail = (_error: unknown) => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => {});
  let markAttached = (_is: boolean) => {};
  const attached = new Promise<boolean>((resolve) => {
    markAttached = resolve;
  });
  let ended = false;
  let stopped = false;
  const sinks = new SinkGroup(options.sinks, (error, sink) => orFail(() => options.onSinkError(error, sink)));
  const request = {
    pid,
    rate,
    duration,
    subprocesses,
    watches,
    cFunctions,
    tasks,
    adoptsOrphans,
    title,
    requestAnchors,
    writer: version,
  };
  const sampling = startSampling(labels ? { ...request, labels } : request, hear);
  // Awaited below, unless the program cannot even be started.
  sampling.finished.catch(() => {});
  const finished = run();
  // Whoever wants to know awaits it.
  finished.catch(() => {});
  return {
    attached,
    finished,
    label: (request) => sampling.order(request),
    order: (order) => sampling.order(order),
    stop: () => {
      stopped = true;
      sampling.stop();
    },
  };

  async function run(): Promise<SessionEnd> {
    try {
      if (options.start) {
        await Promise.race([sampling.ready, sampling.finished, failure]);
        if (!stopped) {
          const { pid: program } = await options.start();
          sampling.started(program);
          orFail(() => options.onEvent?.({ kind: 'started', pid: program }));
        }
      }
      const { reason, stats, programs, left } = await Promise.race([sampling.finished, failure]);
      return { reason, stats, programs, left };
    } finally {
      ended = true;
      sampling.stop();
      await sinks.close();
      markAttached(false);
    }
  }

  function hear(message: SamplerMessage): void {
    if (ended) return;
    if (message.kind === 'block') sinks.write(message.payload);
    else if (message.kind === 'attached' || message.kind === 'not-recorded' || message.kind === 'progress') {
      if (message.kind === 'attached') {
        sinks.open();
        markAttached(true);
      }
      orFail(() => options.onEvent?.(message));
    }
  }

  function orFail(act: () => void): void {
    try {
      act();
    } catch (error) {
      fail(error);
    }
  }
}
