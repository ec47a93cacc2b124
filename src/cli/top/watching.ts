import { type LiveData, LiveProfile } from '../../analysis/live/live-profile.js';
import { routeContext } from '../../model/context.js';
import type { UnrecordedProcess } from '../../model/profile.js';
import { hideInCommandLine } from '../../model/secret-text.js';
import { commandLine } from '../../process/linux-process.js';
import type { SamplingStats } from '../../sampler/messages.js';
import { KeptRecording } from '../../session/kept-recording.js';
import { ProfileSink } from '../../session/profile-sink.js';
import { type Session, type SessionEnd, type SessionEvent, startSession } from '../../session/session.js';
import type { About } from '../../tui/top/header.js';
import type { TopFlags } from './top-flags.js';
import { WatchedProgram } from './watched-program.js';

type Attached = Extract<SessionEvent, { kind: 'attached' }>;

export interface WatchingListener {
  /** The program was started; it may take a while until there is Python in it. */
  readonly onStarted: () => void;
  readonly onAttached: (message: Attached) => void;
  /** A child that is Python cannot be read. */
  readonly onUnrecorded: (child: UnrecordedProcess) => void;
  /** There is more to see. */
  readonly onProgress: () => void;
}

/** The sampling behind `top`: a growing profile, which forgets, and the recording, which does not. */
export class Watching {
  /** Kept only for a screen, from which it can be saved. */
  readonly recording = new KeptRecording(`top-${process.pid}`, 'top keeps at most 256 MB for saving');
  program: WatchedProgram | undefined;
  readonly #flags: TopFlags;
  readonly #command: readonly string[];
  readonly #profile = new ProfileSink();
  readonly #live: LiveProfile;
  readonly #listener: WatchingListener;
  #session: Session | undefined;
  readonly #keeps: boolean;
  #stopped = false;
  #args: readonly string[];

  /** `window`: the last few seconds, in microseconds; infinite for all of it, to be looked at once. */
  constructor(flags: TopFlags, command: readonly string[], window: number, listener: WatchingListener) {
    this.#flags = flags;
    this.#command = command;
    this.#keeps = window < Number.POSITIVE_INFINITY;
    const key = flags.byRequest ? routeContext : flags.label?.key;
    this.#live = new LiveProfile(this.#profile.profile(), window, key, flags.request);
    // From the first block on, so that what comes need not be kept.
    this.#profile.forgetRuns();
    this.#listener = listener;
    this.#args = flags.pid === undefined ? hideInCommandLine(command) : commandLine(flags.pid);
  }

  get about(): About {
    return { command: this.#args.join(' '), pid: this.#flags.pid ?? this.program?.pid ?? 0 };
  }

  /** Samples to the end; throws what keeps the target from being sampled. */
  async run(duration: number): Promise<SessionEnd> {
    const { pid, rate, subprocesses = false } = this.#flags;
    const [file, ...rest] = this.#command;
    const start = async () => {
      this.program = await WatchedProgram.start([file!, ...rest]);
      return this.program;
    };
    this.#session = startSession({
      ...(file === undefined ? { pid: pid ?? 0 } : { start }),
      ...{ rate, duration, subprocesses, cFunctions: true },
      title: this.#args.join(' '),
      sinks: this.#keeps ? [this.#profile, this.recording] : [this.#profile],
      onEvent: (event) => this.#hear(event),
      onSinkError: (error, sink) => {
        // What is no longer kept is still shown, and the recording knows why.
        if (sink !== this.recording) throw error;
      },
    });
    if (this.#stopped) this.#session.stop();
    const end = await this.#session.finished;
    this.#take(end.stats);
    return end;
  }

  stop(): void {
    this.#stopped = true;
    this.#session?.stop();
  }

  data(frozen = false): LiveData {
    return this.#live.data(frozen);
  }

  reset(): void {
    this.#live.reset();
  }

  #hear(event: SessionEvent): void {
    if (event.kind === 'started') this.#listener.onStarted();
    else if (event.kind === 'attached') this.#listener.onAttached(event);
    else if (event.kind === 'not-recorded') this.#listener.onUnrecorded(event.child);
    else {
      this.#take(event.stats);
      this.#listener.onProgress();
    }
  }

  #take(counts: SamplingStats): void {
    this.#profile.profile();
    this.#live.take(counts, () => this.#profile.forgetRuns());
  }
}
