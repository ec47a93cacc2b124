import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { FrameOrder, Sample } from '../analysis/samples.js';
import { destinationOf } from '../disk/destination.js';
import { writeOutput } from '../disk/write-output.js';
import { PyglassError } from '../model/error.js';
import type { Profile } from '../model/profile.js';
import { hideInCommandLine } from '../model/secret-text.js';
import { commandLine } from '../process/linux-process.js';
import { spawnProgram } from '../process/spawn-program.js';
import { KeptRecording } from './kept-recording.js';
import { type Label, type LabelScope, labelling } from './labelling.js';
import {
  badOption,
  checkAnchors,
  checkDuration,
  checkLabels,
  checkPid,
  checkRate,
  throwIfAborted,
} from './options.js';
import { RecordingKeeper } from './recording-keeper.js';
import { SampleSink } from './sample-sink.js';
import { type Session, type SessionEnd, type SessionEvent, startSession } from './session.js';
import type { Sink } from './sink.js';

export interface SamplingOptions {
  /** Samples a second. [1000] */
  readonly rate?: number;
  /** Seconds of wall time. [until stopped, or the process ends] */
  readonly duration?: number;
  /** Also child processes that are Python, and theirs. A reloader's child is always sampled. [false] */
  readonly subprocesses?: boolean;
  /** Stacks have C functions. [true] */
  readonly cFunctions?: boolean;
  /**
   * Also tasks of asyncio: each that is suspended has samples of its own, ten a second, below the tasks that wait for
   * it, and what a task runs stands there, too. [false]
   */
  readonly tasks?: boolean;
  /**
   * Functions that have a request in hand, besides those of the known web frameworks: the end of a file's path, the
   * function, and where the name of the route is: `shop/web.py:Handler.handle:self.request.route`.
   */
  readonly requestAnchors?: readonly string[];
  /** Stored with the recording: at most 32, of 10,000 characters in all. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Gets samples as they come, some 0.4 s late, each thread's in order; is not awaited. Consecutive samples that are
   * alike come as one.
   */
  readonly onSample?: (sample: Sample) => void;
  /** Of the stacks that `onSample` gets. [innermost-first] */
  readonly order?: FrameOrder;
  /** What else gets the recording as it grows. */
  readonly sinks?: readonly Sink[];
  /**
   * Hears of processes that are attached or cannot be recorded, and of how many samples there are. What it throws ends
   * the sampling.
   */
  readonly onEvent?: (event: SessionEvent) => void;
  /** A sink or `onSample` threw, and gets nothing more. Without it `finished` rejects with what was thrown first. */
  readonly onSinkError?: (error: unknown, sink: Sink) => void;
  /** Ends the sampling, as `stop` does; before it began, the promise is rejected with `aborted`. */
  readonly signal?: AbortSignal;
}

export interface RecordOptions extends SamplingOptions {
  /** A running process to record: this or `command`. */
  readonly pid?: number;
  /** A program to start and record from its beginning, and its arguments. It goes on when the recording ends. */
  readonly command?: readonly string[];
  /** How `command` is started, as for `child_process.spawn`. [{ stdio: 'inherit' }] */
  readonly spawn?: SpawnOptions;
  /**
   * File in which the recording grows, such as `run.pyglass`. It stays, whatever becomes of this process. [a temporary
   * file that goes]
   */
  readonly output?: string;
}

/** Sampling in progress. `await using` ends it. */
export interface Sampling extends AsyncDisposable {
  /**
   * The process that was asked for, or the program that was started; 0 when it was not started since the sampling was
   * stopped before.
   */
  readonly pid: number;
  /**
   * Settles when the sampling has ended and all sinks are closed. Rejects with what a sink or a listener threw, or
   * `sampler-died`. Need not be awaited.
   */
  readonly finished: Promise<SessionEnd>;
  /** Ends it; `finished`. */
  stop(): Promise<SessionEnd>;
  /**
   * Says what is worked for from the next sample on, such as `{ job: '42' }`, until the label ends: in everything that
   * is sampled, or in one process or thread. Several may hold at once. Labels of a thread count before those of its
   * process, these before those of everything, and among equals what was set last. At most 1000 at a time, each of 32
   * values and 10,000 characters. Throws `bad-option`.
   */
  label(values: Readonly<Record<string, string>>, of?: LabelScope): Label;
}

export interface Recording extends Sampling {
  /** The program that `command` started. */
  readonly program: ChildProcess | undefined;
  /**
   * What was recorded so far, read anew each time; a finished recording's profile is `complete`. Throws
   * `recording-closed` after disposal.
   */
  profile(): Profile;
}

/**
 * Samples a running process into `onSample` and `sinks`; nothing else is kept. Resolves when it is attached. Rejects
 * with a PyglassError: `no-such-process`, `not-python`, `permission-yama` and the like, `bad-option`, `aborted`.
 */
export async function attach(pid: number, options: SamplingOptions = {}): Promise<Sampling> {
  checkPid(pid);
  const session = await begin(options, { pid, title: commandLine(pid).join(' ') }, []);
  return { pid, ...handle(session, async () => {}) };
}

/**
 * Records a process that runs, or a program that it starts. Resolves when it is attached; with `command` also when it
 * ended before. Rejects as `attach` does, and with `program-not-found`, `recording-in-use`, `file-permission` and the
 * like; a program that was started gets SIGTERM then.
 */
export async function record(options: RecordOptions): Promise<Recording> {
  const { pid, command, output } = options;
  if ((pid === undefined) === (command === undefined)) throw badOption('record takes one of pid and command');
  if (pid !== undefined) checkPid(pid);
  const [file, ...args] = command ?? [];
  if (command && file === undefined) throw badOption('command must be a program and its arguments');
  const kept = output === undefined ? temporaryRecording() : fileRecording(output);
  let program: (ChildProcess & { readonly pid: number }) | undefined;
  const start = async () => {
    program = await spawnProgram([file!, ...args], options.spawn ?? { stdio: 'inherit' });
    return program;
  };
  const title = (pid === undefined ? hideInCommandLine(command!) : commandLine(pid)).join(' ');
  try {
    const session = await begin(options, pid === undefined ? { start, title } : { pid, title }, [kept.sink]);
    const finished = session.finished.then(async (end) => {
      await kept.complete();
      return end;
    });
    finished.catch(() => {});
    let closed = false;
    return {
      pid: pid ?? program?.pid ?? 0,
      program,
      ...handle({ ...session, finished }, async () => {
        if (closed) return;
        closed = true;
        kept.release();
      }),
      profile: () => {
        if (closed) throw new PyglassError('recording-closed', 'the recording was disposed of');
        return kept.read();
      },
    };
  } catch (error) {
    program?.kill('SIGTERM');
    kept.discard();
    throw error;
  }
}

type Target = { readonly title: string } & (
  | { readonly pid: number }
  | { readonly start: () => Promise<{ readonly pid: number }> }
);

/**
 * Starts the sampling and waits until something is sampled, or was to be and is over. Its `finished` is also that of
 * errors of sinks, and it ends when no sink is left that takes anything.
 */
async function begin(options: SamplingOptions, target: Target, own: readonly Sink[]): Promise<Session> {
  const {
    rate = 1000,
    duration = Number.POSITIVE_INFINITY,
    subprocesses = false,
    cFunctions = true,
    tasks = false,
  } = options;
  const { requestAnchors = [], labels, onSample, onEvent, onSinkError, signal } = options;
  checkRate(rate);
  checkDuration(duration);
  if (labels) checkLabels(labels);
  checkAnchors(requestAnchors);
  throwIfAborted(signal);
  const streamed = onSample ? [new SampleSink(onSample, options.order)] : [];
  const sinks = [...own, ...streamed, ...(options.sinks ?? [])];
  const errors: unknown[] = [];
  const failed = new Set<Sink>();
  const session = startSession({
    ...{ ...target, rate, duration, subprocesses, cFunctions, tasks, requestAnchors, sinks },
    ...(labels ? { labels } : {}),
    ...(onEvent ? { onEvent } : {}),
    onSinkError: (error, sink) => {
      failed.add(sink);
      if (failed.size === sinks.length) session.stop();
      if (onSinkError) onSinkError(error, sink);
      else errors.push(error);
    },
  });
  signal?.addEventListener('abort', session.stop, { once: true });
  const finished = session.finished
    .finally(() => signal?.removeEventListener('abort', session.stop))
    .then((end) => {
      if (errors.length > 0) throw errors[0];
      return end;
    });
  // Whoever wants to know awaits it.
  finished.catch(() => {});
  const isAttached = await session.attached;
  if (signal?.aborted) {
    await finished.catch(() => {});
    throwIfAborted(signal);
  }
  const noneIsLeft = sinks.length > 0 && failed.size === sinks.length;
  if (!isAttached || noneIsLeft) await finished;
  return { ...session, finished };
}

function handle(session: Session, release: () => Promise<void>): Omit<Sampling, 'pid'> {
  const { finished } = session;
  const stop = () => {
    session.stop();
    return finished;
  };
  return {
    finished,
    stop,
    label: labelling(session),
    [Symbol.asyncDispose]: async () => {
      // Its errors are those of `finished`.
      await stop().catch(() => {});
      await release();
    },
  };
}

/** A recording that a session writes, and what becomes of it. */
interface Kept {
  readonly sink: Sink;
  read(): Profile;
  /** The session has ended. */
  complete(): Promise<void>;
  /** Nobody will read it here any more. */
  release(): void;
  /** It came to nothing. */
  discard(): void;
}

function temporaryRecording(): Kept {
  const kept = new KeptRecording('record', 'without an output at most 256 MB are kept');
  const release = () => kept.remove();
  return { sink: kept, read: () => kept.readSoFar(), complete: async () => {}, release, discard: release };
}

function fileRecording(output: string): Kept {
  if (destinationOf(output).kind !== 'file' || output === '-')
    throw badOption(`output must be a file, not ${output}`);
  const keeper = new RecordingKeeper(output, true, true);
  let isCopied = false;
  return {
    sink: keeper,
    read: () => keeper.readSoFar(),
    complete: async () => {
      keeper.open();
      if (keeper.isFinished) return;
      await writeOutput(output, keeper.contents());
      isCopied = true;
    },
    // What could not be copied is all that there is.
    release: () => (isCopied ? keeper.remove() : keeper.release()),
    discard: () => keeper.remove(),
  };
}
