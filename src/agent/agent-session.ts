import type { ProfileWindow } from '../analysis/profile-windows.js';
import type { Runs } from '../model/profile.js';
import type { SamplingOrder, SamplingStats } from '../sampler/messages.js';
import { type Session, type SessionEvent, startSession } from '../session/session.js';
import { WindowCollector } from './window-collector.js';

export interface SessionListener {
  /** A window has ended, or the session has. `collector` has the tables. */
  onWindow(window: ProfileWindow, collector: WindowCollector): void;
  /** What was sampled since the last call, up to `until`, milliseconds since the epoch. */
  onRuns(collector: WindowCollector, runs: Runs, until: number): void;
  onNotRecorded(event: Extract<SessionEvent, { kind: 'not-recorded' }>): void;
  onStats(stats: SamplingStats): void;
  /** It ended, with an error where nobody stopped it. All windows were handed on before. */
  onEnd(session: AgentSession, error: unknown): void;
}

export interface AgentSessionOptions {
  readonly rate: number;
  /** Milliseconds. */
  readonly window: number;
}

/** One thread that samples, and the windows of what it samples. */
export class AgentSession {
  readonly #session: Session;
  readonly #collector: WindowCollector;
  readonly #listener: SessionListener;
  /** Milliseconds since the epoch: only what is sampled between these counts; the rest is another session's. */
  from = Number.NEGATIVE_INFINITY;
  until = Number.POSITIVE_INFINITY;
  readonly #watched = new Set<number>();
  /** Of these: what is sampled, or cannot be. */
  readonly #decided = new Set<number>();
  #isStopped = false;
  /** Microseconds of the recording. */
  #time = 0;
  readonly ended: Promise<void>;

  constructor({ rate, window }: AgentSessionOptions, listener: SessionListener) {
    this.#listener = listener;
    this.#collector = new WindowCollector(window);
    this.#session = startSession({
      ...{ watches: true, rate, duration: Number.POSITIVE_INFINITY, subprocesses: false, cFunctions: true },
      title: 'pyglass agent',
      sinks: [this.#collector.sink],
      onEvent: (event) => this.#hear(event),
      onSinkError: (error) => {
        throw error;
      },
    });
    this.ended = this.#session.finished.then(
      () => this.#end(undefined),
      (error) => this.#end(error),
    );
  }

  /** So many rows its tables have. */
  get size(): number {
    return this.#collector.size;
  }

  /** Samples these processes and no others. */
  watch(pids: ReadonlySet<number>): void {
    for (const pid of this.#watched) {
      if (pids.has(pid)) continue;
      this.#order({ kind: 'unwatch', pid });
      this.#decided.delete(pid);
    }
    for (const pid of pids) if (!this.#watched.has(pid)) this.#order({ kind: 'watch', pid });
    this.#watched.clear();
    for (const pid of pids) this.#watched.add(pid);
  }

  /** Whether it samples all processes that it can. */
  get isComplete(): boolean {
    return [...this.#watched].every((pid) => this.#decided.has(pid));
  }

  setRate(rate: number): void {
    this.#order({ kind: 'rate', rate });
  }

  /** Has its thread give back memory that it does not use any more. */
  returnMemory(): void {
    this.#order({ kind: 'return-memory' });
  }

  stop(): void {
    this.#isStopped = true;
    this.#session.stop();
  }

  #order(order: SamplingOrder): void {
    this.#session.order(order);
  }

  #hear(event: SessionEvent): void {
    if (event.kind === 'attached') this.#decided.add(event.pid);
    else if (event.kind === 'not-recorded') {
      this.#decided.add(event.child.pid);
      this.#listener.onNotRecorded(event);
    }
    if (event.kind !== 'progress') return;
    this.#time = event.stats.wallSeconds * 1e6;
    this.#listener.onStats(event.stats);
    this.#collect(false);
  }

  #end(error: unknown): void {
    this.#collect(true);
    this.#listener.onEnd(this, error ?? (this.#isStopped ? undefined : new Error('sampling ended')));
  }

  #collect(isLast: boolean): void {
    const collector = this.#collector;
    const { windows, runs } = collector.collect(this.#time, isLast);
    const { startedAt } = collector.profile.info;
    const end = startedAt + this.#time / 1000;
    if (runs) this.#listener.onRuns(collector, runs, end);
    for (const window of windows) {
      if (window.from >= this.until || window.from < this.from) continue;
      // The first is as long as the session was there, the last one too.
      const from = Math.max(window.from, Math.min(startedAt, window.until - 1));
      this.#listener.onWindow(
        { ...window, from, until: Math.max(from + 1, Math.min(window.until, end)) },
        collector,
      );
    }
  }
}
