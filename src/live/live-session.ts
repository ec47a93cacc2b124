import { type RecordingSource, sourceOfBytes } from '../disk/recording-source.js';
import { PyglassError } from '../model/error.js';
import type { LiveState, LiveStatus } from '../model/live-state.js';
import { hideInCommandLine } from '../model/secret-text.js';
import { commandLine } from '../process/linux-process.js';
import { KeptRecording } from '../session/kept-recording.js';
import { type Session, type SessionEnd, type SessionEvent, startSession } from '../session/session.js';
import type { Sink } from '../session/sink.js';
import type { LiveSource } from './live-source.js';
import { type Seen, seen, successorOf } from './successor.js';

export interface LiveOptions {
  /** Samples a second. */
  readonly rate: number;
  readonly subprocesses: boolean;
}

/** A running process, or a program to start: `start` may be called again, and starts it once. */
export type LiveTarget =
  | { readonly pid: number }
  | { readonly command: readonly string[]; readonly start: () => Promise<{ readonly pid: number }> };

export interface LiveListener {
  readonly onEvent: (event: SessionEvent) => void;
  /** There is more of the recording. */
  readonly onGrown: () => void;
  /** Something else of the state has changed. */
  readonly onChanged: () => void;
  /** The process has ended; the recording stays to be looked at. */
  readonly onEnded: (pid: number) => void;
  /** A process with the same command line runs. */
  readonly onOffered: (pid: number) => void;
  /** A further recording could not begin: the one before stays. */
  readonly onNotBegun: (error: PyglassError) => void;
  /** Where a recording goes besides. Asked for each. */
  readonly sinks: () => readonly Sink[];
  readonly onSinkError: (error: unknown, sink: Sink) => void;
}

/** Of a recording that has only begun. */
const nothingYet = sourceOfBytes(new Uint8Array(0));
/** Milliseconds between two looks for the successor of a process that ended: no event says that one has started. */
const lookOut = 1000;

/**
 * Recordings of one process after another: each is kept until the next one has begun. While one grows, it can be read.
 */
export class LiveSession implements LiveSource {
  readonly #options: LiveOptions;
  readonly #listener: LiveListener;
  #session: Session | undefined;
  #kept: KeptRecording | undefined;
  #number = 0;
  #version = 0;
  #status: LiveStatus = 'restarting';
  #pid = 0;
  #note: string | undefined;
  #stopped: string | undefined;
  #offered: number | undefined;
  /** Of the process that is sampled, to know the next one by. */
  #seen: Seen | undefined;
  #target: LiveTarget | undefined;
  #next: LiveTarget | undefined;
  #wake = () => {};
  #isOver = false;

  constructor(options: LiveOptions, listener: LiveListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Settles when stopped, or when what it was to sample first could not be; rejects with why. */
  async run(first: LiveTarget): Promise<SessionEnd | undefined> {
    let end = await this.#record(first);
    while (!this.#isOver && this.#number > 0) {
      if (this.#next === undefined) await this.#waitForNext();
      const target = this.#next;
      this.#next = undefined;
      if (this.#isOver || target === undefined) break;
      try {
        end = await this.#record(target);
      } catch (error) {
        if (!(error instanceof PyglassError)) throw error;
        this.#listener.onNotBegun(error);
        this.#note = `No new recording: ${error.message}.`;
      }
    }
    return end;
  }

  stop(): void {
    this.#isOver = true;
    this.#session?.stop();
    this.#wake();
  }

  /** Removes what is kept. */
  close(): void {
    this.#kept?.remove();
    this.#kept = undefined;
  }

  /** What to say while the process is stopped by a signal: then nothing changes, and that is all that is seen. */
  noteStopped(text: string | undefined): void {
    if (text === this.#stopped) return;
    this.#stopped = text;
    this.#listener.onChanged();
  }

  state(): LiveState {
    const note = this.#note ?? (this.#status === 'sampling' ? this.#stopped : undefined);
    return {
      ...{ recording: this.#number, version: this.#version, status: this.#status, pid: this.#pid },
      ...(note === undefined ? {} : { note }),
      ...(this.#offered === undefined ? {} : { offered: this.#offered }),
    };
  }

  recording(number: number): RecordingSource | undefined {
    if (number !== this.#number || this.#kept === undefined) return undefined;
    try {
      return this.#kept.source() ?? nothingYet;
    } catch (error) {
      // What was kept before can be had.
      this.#keepsNoMore(error);
      return this.#kept.source() ?? nothingYet;
    }
  }

  reset(): boolean {
    if (this.#status !== 'sampling') return false;
    this.#begin(this.#target!);
    return true;
  }

  follow(pid: number): boolean {
    if (this.#status !== 'ended' || pid !== this.#offered) return false;
    this.#begin({ pid });
    return true;
  }

  #begin(target: LiveTarget): void {
    this.#next = target;
    this.#become('restarting');
    this.#session?.stop();
    this.#wake();
  }

  async #record(target: LiveTarget): Promise<SessionEnd> {
    const { rate, subprocesses } = this.#options;
    const kept = new KeptRecording(
      `live-${process.pid}`,
      'live keeps at most 256 MB; Reset begins a new recording',
    );
    const title = 'pid' in target ? commandLine(target.pid) : hideInCommandLine(target.command);
    let isShown = false;
    const session = startSession({
      ...('pid' in target ? { pid: target.pid } : { start: target.start }),
      ...{ rate, subprocesses, title: title.join(' '), duration: Number.POSITIVE_INFINITY, cFunctions: true },
      sinks: [kept, ...this.#listener.sinks()],
      onEvent: (event) => {
        if (event.kind === 'attached' && !isShown) {
          isShown = true;
          this.#target = target;
          this.#show(kept, event.pid);
        }
        this.#listener.onEvent(event);
        if (event.kind === 'progress') this.#grown();
      },
      onSinkError: (error, sink) => {
        if (sink !== kept) this.#listener.onSinkError(error, sink);
        this.#keepsNoMore(error);
      },
    });
    this.#session = session;
    if (this.#isOver) session.stop();
    try {
      return await session.finished;
    } finally {
      this.#session = undefined;
      if (!isShown) kept.remove();
      // The end is in the recording now.
      this.#version++;
    }
  }

  #show(kept: KeptRecording, pid: number): void {
    this.#kept?.remove();
    this.#kept = kept;
    this.#number++;
    this.#version = 0;
    this.#pid = pid;
    this.#seen = seen(pid);
    this.#note = undefined;
    this.#offered = undefined;
    this.#become('sampling');
  }

  #keepsNoMore(error: unknown): void {
    this.#note = `${error instanceof Error ? error.message : error}.`;
    this.#listener.onChanged();
  }

  #grown(): void {
    this.#version++;
    this.#listener.onGrown();
  }

  /** Until somebody asks for another process, or for the end. */
  async #waitForNext(): Promise<void> {
    if (this.#status === 'sampling') this.#listener.onEnded(this.#pid);
    this.#become('ended');
    const timer = setInterval(() => this.#lookOut(), lookOut);
    this.#lookOut();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearInterval(timer);
  }

  #lookOut(): void {
    const found = this.#seen && successorOf(this.#seen);
    if (found === this.#offered) return;
    this.#offered = found;
    if (found !== undefined) this.#listener.onOffered(found);
    this.#listener.onChanged();
  }

  #become(status: LiveStatus): void {
    this.#status = status;
    this.#listener.onChanged();
  }
}
