import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { childrenLines } from '../../analysis/children-lines.js';
import { plural } from '../../analysis/human-units.js';
import type { ViewOptions } from '../../analysis/view-options.js';
import type { PushTarget } from '../../delivery/push-target.js';
import { areSame, checkOutput, destinationOf, isPlainFile, standardOutput } from '../../disk/destination.js';
import { besideName } from '../../disk/recording-file.js';
import { type WriteOptions, writeOutput } from '../../disk/write-output.js';
import type { OutputFormat } from '../../formats/output-format.js';
import { PyglassError } from '../../model/error.js';
import type { Profile, UnrecordedProcess } from '../../model/profile.js';
import { hideInCommandLine } from '../../model/secret-text.js';
import { commandLine } from '../../process/linux-process.js';
import { SourceRoots } from '../../process/source-roots.js';
import { type StartedProgram, startProgram } from '../../process/start-program.js';
import type { SamplingStats } from '../../sampler/messages.js';
import { RecordingKeeper } from '../../session/recording-keeper.js';
import { formatted } from '../../session/render.js';
import { type SessionEnd, type SessionEvent, startSession } from '../../session/session.js';
import { dieOfSignal } from '../die-of-signal.js';
import { exitCodes } from '../exit-codes.js';
import type { LiveLine } from '../live-line.js';
import { type PushFlags, pushTargetOf, sayPushed } from '../push.js';
import { shellWord } from '../shell-word.js';
import { onOutputSignal, onSignals } from '../signals.js';
import { addSource, checkSourceFlag, type SourceFlags } from '../source.js';
import { writeStats } from '../stats-json.js';
import { StoppedNote } from '../stopped-note.js';
import { summaryLines } from '../summary.js';
import { plainText, Terminal } from '../terminal.js';
import { timeStamp } from '../time-stamp.js';
import { chooseFormat, type ViewFlags, viewOptions } from '../view-flags.js';

export interface RecordFlags extends ViewFlags, SourceFlags, PushFlags {
  readonly pid?: number;
  readonly output?: string;
  readonly rate: number;
  readonly duration: number;
  readonly requestAnchor?: readonly string[];
  /** False with --no-c-functions. */
  readonly cFunctions: boolean;
  readonly tasks?: boolean;
  readonly kill?: boolean;
  readonly statsJson?: string;
}

/**
 * `pyglass record`: samples a process into a recording, then writes the view of it that was asked for. Returns the exit
 * status.
 */
export async function record(flags: RecordFlags, command: readonly string[]): Promise<number> {
  const output = flags.output ?? defaultOutput(flags, command);
  // Checked before anything is recorded in vain.
  checkSourceFlag(
    flags,
    chooseFormat(flags, output),
    flags.pid === undefined ? 'record' : `record --pid ${flags.pid}`,
  );
  checkOutput(output, flags.output !== undefined);
  if (flags.statsJson !== undefined) checkStats(flags.statsJson, output);
  const target = await pushTargetOf(flags);
  const recording = new Recording(flags, output, command, target);
  return recording.run();
}

function checkStats(path: string, output: string): void {
  checkOutput(path);
  const stats = destinationOf(path);
  // The recording may grow beside the output.
  const taken = isPlainFile(output) ? [output, besideName(output)] : [output];
  if (taken.some((other) => areSame(stats, destinationOf(other))))
    throw new PyglassError('same-output', `--stats-json and -o would write the same file, ${path}`, { path });
}
/** Lines about children that are not recorded, while they come. */
const mostLines = 10;

class Recording {
  readonly #terminal = new Terminal();
  readonly #flags: RecordFlags;
  readonly #view: ViewOptions;
  readonly #output: string;
  /** Somebody typed the output's name. */
  readonly #named: boolean;
  /** An output is a pipe or a device, which may never take what we write. */
  readonly #mayWait: boolean;
  readonly #format: OutputFormat | undefined;
  readonly #command: readonly string[];
  readonly #pushTarget: PushTarget | undefined;
  #program: StartedProgram | undefined;
  readonly #keeper: RecordingKeeper;
  /** Where the processes have their files, when their source is wanted. */
  readonly #roots: SourceRoots | undefined;
  #live: LiveLine | undefined;
  #error: unknown;
  #attached = 0;
  #writing: AbortController | undefined;
  /** It came while the outputs were written, and ends us. */
  #lastSignal: NodeJS.Signals | undefined;
  readonly #stopped = new StoppedNote();
  #stopAdopting = () => {};
  #unrecorded = 0;
  #stop = () => {};

  constructor(
    flags: RecordFlags,
    output: string,
    command: readonly string[],
    pushTarget: PushTarget | undefined,
  ) {
    this.#flags = flags;
    this.#pushTarget = pushTarget;
    this.#view = viewOptions(flags);
    this.#output = output;
    this.#format = chooseFormat(flags, output);
    this.#command = command;
    this.#named = flags.output !== undefined;
    this.#roots = flags.withSource ? new SourceRoots() : undefined;
    const outputs = [output, ...(flags.statsJson === undefined ? [] : [flags.statsJson])];
    const waitsForReader = this.#named && !outputs.every((path) => isPlainFile(path));
    this.#mayWait = waitsForReader || pushTarget !== undefined;
    this.#keeper = new RecordingKeeper(output, this.#format === undefined, this.#named);
  }

  async run(): Promise<number> {
    // What measures text takes a while to load and is of no use elsewhere.
    if (this.#terminal.isLive) this.#live = new (await import('../live-line.js')).LiveLine(this.#view);
    const { rate, duration, subprocesses = false, cFunctions, requestAnchor = [] } = this.#flags;
    const { tasks = false } = this.#flags;
    const pid = this.#flags.pid ?? 0;
    const adoptsOrphans = subprocesses && pid === 0;
    if (adoptsOrphans) {
      const { adoptOrphans } = await import('../../process/orphans.js');
      this.#stopAdopting = adoptOrphans(() => this.#program?.pids ?? []) ?? (() => {});
    }
    const args = pid === 0 ? hideInCommandLine(this.#command) : commandLine(pid);
    const [file, ...rest] = this.#command;
    const start = async () => {
      this.#program = await startProgram([file!, ...rest]);
      return this.#program;
    };
    const session = startSession({
      ...(file === undefined ? { pid } : { start }),
      ...{ rate, duration, subprocesses, cFunctions, tasks, adoptsOrphans },
      requestAnchors: requestAnchor,
      title: args.join(' '),
      sinks: this.#live ? [this.#live.sink, this.#keeper] : [this.#keeper],
      onEvent: (event) => this.#orStop(() => this.#hear(event)),
      onSinkError: (error) => this.#endWith(error),
    });
    this.#stop = session.stop;
    const releaseSignals = onSignals((signal, count) => this.#interrupted(signal, count));
    const releaseOutputSignal = onOutputSignal(() => void this.#writeSoFar());
    try {
      const finished = await session.finished;
      releaseOutputSignal();
      this.#terminal.clearLive();
      await this.#finish(finished);
      return await this.#exitStatus(finished);
    } catch (error) {
      this.#terminal.clearLive();
      if (this.#keeper.holdsSamples) this.#terminal.say(this.#kept());
      else this.#keeper.remove();
      if (this.#program && !this.#program.ended) this.#leave(this.#program);
      if (this.#lastSignal) dieOfSignal(this.#lastSignal);
      throw error;
    } finally {
      releaseSignals();
      releaseOutputSignal();
      this.#stopAdopting();
      this.#roots?.close();
    }
  }

  /** The recording has failed, the program has not. */
  #leave(program: StartedProgram): void {
    if (this.#flags.kill) program.signal('SIGTERM');
    else this.#terminal.say(programGoesOn(program));
  }

  #hear(event: SessionEvent): void {
    if (event.kind === 'attached') this.#roots?.add(event.pid);
    if (event.kind === 'attached' && this.#error === undefined) {
      this.#sayAttached(event);
      this.#sayStopped();
    } else if (event.kind === 'not-recorded') this.#sayUnrecorded(event.child);
    else if (event.kind === 'progress') {
      this.#sayStopped();
      if (this.#live) this.#terminal.live(this.#live.render(event.stats, this.#terminal.liveWidth));
    }
  }

  #orStop(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#endWith(error);
    }
  }

  /** What was written before is still good; going on would be in vain. */
  #endWith(error: unknown): void {
    this.#error ??= error;
    this.#stop();
  }

  #sayUnrecorded({ pid, commandLine, reason }: UnrecordedProcess): void {
    // A supervisor may start one a second; all are counted at the end.
    if (++this.#unrecorded > mostLines) return;
    const what = `${plainText(commandLine.join(' '), 80)} (process ${pid})`;
    this.#terminal.say(`Not recorded: ${what}: ${plainText(reason)}.`);
  }

  #sayAttached(message: Extract<SessionEvent, { kind: 'attached' }>): void {
    const { pid, pythonVersion, reloader } = message;
    const what = `${plainText(commandLine(pid).join(' '), 80)} (process ${pid}, Python ${pythonVersion})`;
    if (reloader !== undefined) {
      this.#terminal.say(
        `Process ${pid} is ${reloader}, which only waits; its child process is recorded too.`,
      );
    } else if (this.#attached++ === 0) {
      const until =
        this.#flags.duration < Number.POSITIVE_INFINITY ? '' : this.#program ? '' : ' Ctrl-C ends it.';
      const target = this.#keeper.isOpen ? `, into ${this.#keeper.path}` : '';
      this.#terminal.say(`Recording ${what}, ${this.#flags.rate} samples a second${target}.${until}`);
      this.#sayAbandoned();
    } else this.#terminal.say(`Also recording ${what}.`);
  }

  #sayAbandoned(): void {
    const [first, ...others] = this.#keeper.abandoned;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${plural(others.length, 'more', 'more')})`;
    this.#terminal.say(
      `Left behind by an earlier run: ${first}${more}. To view it:\n  pyglass report ${shellWord(first)} -o profile.svg`,
    );
  }

  #sayStopped(): void {
    const note = this.#stopped.look(this.#flags.pid ?? this.#program?.pid ?? 0);
    if (note !== undefined) this.#terminal.say(note);
  }

  #interrupted(signal: NodeJS.Signals, count: number): void {
    if (this.#writing) {
      // What goes into a file is there in a moment; a pipe may never take it.
      if (!this.#mayWait && count <= 2) return;
      this.#lastSignal = signal;
      this.#writing.abort();
      return;
    }
    if (count > 2) {
      this.#terminal.clearLive();
      this.#terminal.say(this.#kept());
      process.exit(exitCodes.interrupted);
    }
    // The program may take its time to end, and is recorded until then; a second signal ends the recording at once.
    if (!this.#program || this.#program.ended || count > 1) this.#stop();
    this.#program?.passOn(signal);
  }

  /** Puts what there is by now in the output's place; the recording goes on. */
  async #writeSoFar(): Promise<void> {
    try {
      if (!this.#keeper.holdsSamples) this.#terminal.say('Nothing was recorded so far.');
      else if (this.#keeper.path === this.#output) this.#terminal.say(this.#kept());
      else if (!isPlainFile(this.#output))
        this.#terminal.say(`${plainText(this.#output)} is written at the end only. ${this.#kept()}`);
      else {
        const profile = this.#keeper.read();
        // It ends here because somebody asked for it, not because something broke.
        profile.complete = profile.damagedBlocks === 0;
        if (this.#roots) addSource(profile, this.#roots);
        const chunks = this.#chunks(profile);
        await writeOutput(this.#output, chunks, { follow: this.#named });
        const [counts] = summaryLines(profile, this.#view);
        this.#terminal.say(`Wrote ${plainText(this.#output)} so far: ${counts}`);
      }
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      this.#terminal.say(`Not written so far: ${error.message}`);
    }
  }

  #chunks(profile: Profile): Iterable<string | Uint8Array> {
    return this.#format ? formatted(this.#format, profile, this.#view) : this.#keeper.contents();
  }

  async #finish({ stats, reason, programs, left }: SessionEnd): Promise<void> {
    this.#writing = new AbortController();
    const { signal } = this.#writing;
    const optionsFor = (path: string): WriteOptions => ({
      signal,
      onWait: () => this.#terminal.say(`Waiting for a reader of ${plainText(path)}. Ctrl-C ends it.`),
    });
    const { statsJson } = this.#flags;
    if (statsJson !== undefined) await writeStats(statsJson, stats, optionsFor(statsJson));
    if (this.#error !== undefined) throw this.#error;
    this.#keeper.open();
    const profile = this.#keeper.read();
    const source = this.#roots && addSource(profile, this.#roots);
    if (this.#format || !this.#keeper.isFinished) {
      const chunks = this.#chunks(profile);
      await writeOutput(this.#output, chunks, { ...optionsFor(this.#output), follow: this.#named });
    }
    const [counts, ...table] = summaryLines(profile, this.#view);
    if (this.#output === standardOutput) this.#terminal.say(counts!);
    else this.#terminal.say(`Wrote ${plainText(this.#output)}: ${counts}`);
    await this.#push(profile, signal);
    if (this.#format || !this.#keeper.isFinished) this.#keeper.remove();
    if (stats.samples === 0) this.#sayNothingRecorded(stats, programs);
    else for (const line of table) this.#terminal.say(line);
    if (source !== undefined) this.#terminal.say(source);
    if (reason === 'target-ended' && left.length > 0)
      this.#terminal.say(`Processes left running, not recorded: ${leftText(left)}.`);
  }

  async #push(profile: Profile, signal: AbortSignal): Promise<void> {
    const target = this.#pushTarget;
    if (!target || !this.#keeper.holdsSamples) return;
    const { pushRecording } = await import('../../delivery/push-recording.js');
    const { service } = this.#flags;
    const pushed = await pushRecording(target, profile, this.#view, { service, signal });
    sayPushed(this.#terminal, target, pushed);
  }

  #sayNothingRecorded(stats: SamplingStats, programs: readonly string[]): void {
    for (const line of [
      ...whyNothingRecorded(stats, programs),
      ...childrenLines(stats.unrecordedChildren).map((text) => plainText(text, 300)),
    ])
      this.#terminal.say(line);
    if (this.#program && !this.#flags.subprocesses)
      this.#terminal.say('Use -s to record child processes too, background ones included.');
  }

  #kept(): string {
    if (!this.#keeper.holdsSamples) return 'Nothing was recorded.';
    try {
      const path = this.#keeper.rescued();
      return `The recording is in ${path}. To view it:\n  pyglass report ${shellWord(path)} -o profile.svg`;
    } catch (error) {
      if (!(error instanceof PyglassError)) throw error;
      return `The recording is lost: ${error.message}`;
    }
  }

  async #exitStatus({ reason, stats }: SessionEnd): Promise<number> {
    const done = stats.samples === 0 ? exitCodes.nothingRecorded : exitCodes.success;
    if (!this.#program) return done;
    if (!this.#program.ended && reason !== 'target-ended') {
      if (this.#flags.kill) this.#program.signal('SIGTERM');
      else this.#terminal.say(programGoesOn(this.#program));
    }
    // A status of its own says more than ours.
    return (await this.#program.exitStatus) || done;
  }
}

/** In place of a table, where there is no sample. */
function whyNothingRecorded({ processes }: SamplingStats, programs: readonly string[]): string[] {
  if (processes > 0) return ['Nothing was recorded: Python ran for too short a time.'];
  const names = programs.slice(0, 5).map((name) => plainText(name, 40));
  if (names.length === 0) return ['Nothing was recorded: no Python was seen, or for too short a time.'];
  const ran = names.every((name) => /^python[\d.]*$/.test(name))
    ? 'Python ran for too short a time'
    : `${names.join(', ')} ran the whole time; no Python was seen`;
  return [`Nothing was recorded: ${ran}.`];
}

function leftText(left: readonly string[]): string {
  const shown = left.slice(0, 3).map((one) => plainText(one, 60));
  return left.length > shown.length
    ? `${shown.join(', ')} and ${left.length - shown.length} more`
    : shown.join(', ');
}

function programGoesOn({ pid }: StartedProgram): string {
  return `The program (process ${pid}) is still running; pyglass exits when it does.`;
}

/** A name that nothing has yet, such as `app-20260509-073210.svg` or `pid-123-20260509-073210.svg`. */
function defaultOutput(flags: RecordFlags, command: readonly string[]): string {
  const script = command.find((word) => word.endsWith('.py')) ?? command[0];
  const of = script === undefined ? `pid-${flags.pid}` : basename(script).replace(/\.py$/, '');
  const chosen = chooseFormat(flags, '');
  // What was pushed in vain can be pushed again only from the recording itself.
  const isRecording = flags.push !== undefined && flags.format === undefined;
  const ofFormat = flags.format === undefined ? '.svg' : (chosen?.extensions[0] ?? '.pyglass');
  const suffix = isRecording ? '.pyglass' : ofFormat;
  const name = `${of}-${timeStamp()}`;
  for (let number = 1; ; number++) {
    const path = `${name}${number === 1 ? '' : `-${number}`}${suffix}`;
    if (!lstatSync(path, { throwIfNoEntry: false })) return path;
  }
}
