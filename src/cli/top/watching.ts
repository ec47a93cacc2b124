import type { UnrecordedProcess } from '../../model/profile.js';
import { hideInCommandLine } from '../../model/secret-text.js';
import { commandLine } from '../../process/linux-process.js';
import { RecordingDecoder } from '../../recording/recording-decoder.js';
import type { SamplerMessage } from '../../sampler/messages.js';
import { type Finished, type RunningSampling, startSampling } from '../../sampler/start-sampling.js';
import type { About } from '../../tui/top/header.js';
import { LiveProfile, type TopData } from '../../tui/top/live-profile.js';
import { version } from '../version.js';
import { KeptRecording } from './kept-recording.js';
import type { TopFlags } from './top-flags.js';
import { WatchedProgram } from './watched-program.js';

type Attached = Extract<SamplerMessage, { kind: 'attached' }>;

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
  readonly recording = new KeptRecording();
  program: WatchedProgram | undefined;
  readonly #flags: TopFlags;
  readonly #command: readonly string[];
  readonly #decoder = new RecordingDecoder();
  readonly #live: LiveProfile;
  readonly #listener: WatchingListener;
  #sampling: RunningSampling | undefined;
  readonly #keeps: boolean;
  #stopped = false;
  #words: readonly string[];

  /** `window`: the last few seconds, in microseconds; infinite for all of it, to be looked at once. */
  constructor(flags: TopFlags, command: readonly string[], window: number, listener: WatchingListener) {
    this.#flags = flags;
    this.#command = command;
    this.#keeps = window < Number.POSITIVE_INFINITY;
    this.#live = new LiveProfile(this.#decoder.snapshot(), window);
    this.#listener = listener;
    this.#words = flags.pid === undefined ? hideInCommandLine(command) : commandLine(flags.pid);
  }

  get about(): About {
    return { command: this.#words.join(' '), pid: this.#flags.pid ?? this.program?.pid ?? 0 };
  }

  /** Samples to the end; throws what keeps the target from being sampled. */
  async run(duration: number): Promise<Finished> {
    const { pid = 0, rate, subprocesses = false } = this.#flags;
    const request = {
      pid,
      rate,
      duration,
      subprocesses,
      cFunctions: true,
      writer: version,
      adoptsOrphans: false,
    };
    let failed = (_error: unknown) => {};
    const failure = new Promise<never>((_, reject) => {
      failed = reject;
    });
    const sampling = startSampling({ ...request, title: this.#words.join(' ') }, (message) => {
      try {
        this.#hear(message);
      } catch (error) {
        failed(error);
      }
    });
    this.#sampling = sampling;
    // Awaited below, unless the program cannot even be started.
    sampling.finished.catch(() => {});
    failure.catch(() => {});
    if (this.#stopped) sampling.stop();
    try {
      const [file, ...rest] = this.#command;
      if (file !== undefined) {
        await Promise.race([sampling.ready, sampling.finished]);
        this.program = await WatchedProgram.start([file, ...rest]);
        sampling.started(this.program.pid);
        this.#listener.onStarted();
      }
      const finished = await Promise.race([sampling.finished, failure]);
      this.#take(finished.stats);
      return finished;
    } finally {
      sampling.stop();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#sampling?.stop();
  }

  data(frozen = false): TopData {
    return this.#live.data(frozen);
  }

  reset(): void {
    this.#live.reset();
  }

  #hear(message: SamplerMessage): void {
    if (message.kind === 'attached') this.#listener.onAttached(message);
    else if (message.kind === 'not-recorded') this.#listener.onUnrecorded(message.child);
    else if (message.kind === 'block') {
      this.#decoder.feed(message.payload);
      if (this.#keeps) this.recording.append(message.payload);
    } else if (message.kind === 'progress') {
      this.#take(message.stats);
      this.#listener.onProgress();
    }
  }

  #take(counts: Finished['stats']): void {
    this.#decoder.snapshot();
    this.#live.take(counts, () => this.#decoder.forgetRuns());
  }
}
