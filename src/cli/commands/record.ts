import { basename } from 'node:path';
import type { ViewOptions } from '../../analysis/view-options.js';
import { readRecording } from '../../disk/read-recording.js';
import { checkOutput, isPlainFile, standardOutput, writeOutput } from '../../disk/write-output.js';
import type { OutputFormat } from '../../formats/output-format.js';
import { hideInCommandLine } from '../../model/secret-text.js';
import { commandLine } from '../../process/linux-process.js';
import { type StartedProgram, startProgram } from '../../process/start-program.js';
import type { SamplerMessage } from '../../sampler/messages.js';
import { type Finished, startSampling } from '../../sampler/start-sampling.js';
import { exitCodes } from '../exit-codes.js';
import type { LiveLine } from '../live-line.js';
import { RecordingKeeper } from '../recording-keeper.js';
import { onSignals } from '../signals.js';
import { writeStats } from '../stats-json.js';
import { summaryLines } from '../summary.js';
import { plainText, Terminal } from '../terminal.js';
import { timeStamp } from '../time-stamp.js';
import { version } from '../version.js';
import { chooseFormat, type ViewFlags, viewOptions } from '../view-flags.js';

export interface RecordFlags extends ViewFlags {
  readonly pid?: number;
  readonly output?: string;
  readonly rate: number;
  readonly duration: number;
  /** False with --no-c-functions. */
  readonly cFunctions: boolean;
  readonly kill?: boolean;
  readonly statsJson?: string;
}

/** `pyglass record`: samples a process into a recording, then writes the view of it that was asked for. Returns the exit status. */
export async function record(flags: RecordFlags, command: readonly string[]): Promise<number> {
  const output = flags.output ?? defaultOutput(flags, command);
  // Told before anything is recorded in vain.
  checkOutput(output);
  if (flags.statsJson !== undefined) checkOutput(flags.statsJson);
  const recording = new Recording(flags, output, command);
  return recording.run();
}

class Recording {
  readonly #terminal = new Terminal();
  readonly #flags: RecordFlags;
  readonly #view: ViewOptions;
  readonly #output: string;
  readonly #format: OutputFormat | undefined;
  readonly #command: readonly string[];
  #program: StartedProgram | undefined;
  readonly #keeper: RecordingKeeper;
  #live: LiveLine | undefined;
  #trouble: unknown;
  #attached = 0;
  #stop = () => {};

  constructor(flags: RecordFlags, output: string, command: readonly string[]) {
    this.#flags = flags;
    this.#view = viewOptions(flags);
    this.#output = output;
    this.#format = chooseFormat(flags, output);
    this.#command = command;
    this.#keeper = new RecordingKeeper(output, this.#format === undefined && isPlainFile(output));
  }

  async run(): Promise<number> {
    // What measures text takes a while to load and is of no use elsewhere.
    if (this.#terminal.isLive) this.#live = new (await import('../live-line.js')).LiveLine(this.#view);
    const { rate, duration, subprocesses = false, cFunctions } = this.#flags;
    const pid = this.#flags.pid ?? 0;
    const words = pid === 0 ? hideInCommandLine(this.#command) : commandLine(pid);
    const sampling = startSampling(
      {
        ...{ pid, rate, duration, subprocesses, cFunctions, writer: version },
        title: words.join(' '),
      },
      (message) => this.#hear(message),
    );
    this.#stop = sampling.stop;
    // Awaited below, unless the program cannot even be started.
    sampling.finished.catch(() => {});
    const releaseSignals = onSignals((signal, count) => this.#interrupted(signal, count));
    try {
      const [file, ...rest] = this.#command;
      if (file !== undefined) {
        await Promise.race([sampling.ready, sampling.finished]);
        this.#program = await startProgram([file, ...rest]);
        sampling.started(this.#program.pid);
      }
      const finished = await sampling.finished;
      this.#terminal.clearLive();
      this.#finish(finished);
      return await this.#exitStatus(finished.reason === 'target-ended');
    } catch (error) {
      this.#terminal.clearLive();
      if (this.#keeper.holdsSamples) this.#terminal.say(this.#kept());
      else this.#keeper.remove();
      if (this.#program && !this.#program.ended) this.#terminal.say(programGoesOn(this.#program));
      throw error;
    } finally {
      sampling.stop();
      releaseSignals();
    }
  }

  #hear(message: SamplerMessage): void {
    if (message.kind === 'attached') this.#sayAttached(message);
    else if (message.kind === 'progress') {
      if (this.#live) this.#terminal.live(this.#live.render(message.stats, this.#terminal.liveWidth));
    } else if (message.kind === 'block' && this.#trouble === undefined) {
      this.#live?.feed(message.payload);
      try {
        this.#keeper.append(message.payload);
      } catch (error) {
        // What was written before is still good; going on would be in vain.
        this.#trouble = error;
        this.#stop();
      }
    }
  }

  #sayAttached(message: Extract<SamplerMessage, { kind: 'attached' }>): void {
    const { pid, pythonVersion, reloader } = message;
    const what = `${plainText(commandLine(pid).join(' '), 80)} (process ${pid}, Python ${pythonVersion})`;
    if (reloader !== undefined) {
      this.#terminal.say(
        `Process ${pid} is ${reloader}, which only waits: the process that it starts is recorded too.`,
      );
    } else if (this.#attached++ === 0) {
      const until =
        this.#flags.duration < Number.POSITIVE_INFINITY ? '' : this.#program ? '' : ' Ctrl-C ends it.';
      this.#terminal.say(`Recording ${what}, ${this.#flags.rate} samples a second.${until}`);
    } else this.#terminal.say(`Recording also ${what}.`);
  }

  #interrupted(signal: NodeJS.Signals, count: number): void {
    if (count > 2) {
      this.#terminal.clearLive();
      this.#terminal.say(this.#kept());
      process.exit(exitCodes.interrupted);
    }
    // A program in our terminal hears Ctrl-C by itself, and gets to its end; a second one ends the recording at once.
    if (!this.#program || this.#program.ended || count > 1) this.#stop();
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) this.#program.signal(signal);
  }

  #finish({ stats }: Finished): void {
    this.#keeper.close();
    if (this.#flags.statsJson !== undefined) writeStats(this.#flags.statsJson, stats);
    if (this.#trouble !== undefined) throw this.#trouble;
    const profile = readRecording(this.#keeper.path);
    if (this.#format) {
      writeOutput(this.#output, this.#format.write(profile, this.#view));
      this.#keeper.remove();
    } else if (this.#keeper.path !== this.#output) {
      writeOutput(this.#output, this.#keeper.contents());
      this.#keeper.remove();
    }
    const [counts, ...widest] = summaryLines(profile, this.#view);
    if (this.#output === standardOutput) this.#terminal.say(counts!);
    else this.#terminal.say(`Wrote ${plainText(this.#output)}: ${counts}`);
    for (const line of widest) this.#terminal.say(line);
  }

  #kept(): string {
    if (!this.#keeper.holdsSamples) return 'Nothing was recorded.';
    const path = plainText(this.#keeper.path);
    return `What was recorded is in ${path}. To see it:\n  pyglass report ${path} -o profile.svg`;
  }

  async #exitStatus(targetEnded: boolean): Promise<number> {
    if (!this.#program) return exitCodes.success;
    if (!this.#program.ended && !targetEnded) {
      if (this.#flags.kill) this.#program.signal('SIGTERM');
      else this.#terminal.say(programGoesOn(this.#program));
    }
    return this.#program.exitStatus;
  }
}

function programGoesOn({ pid }: StartedProgram): string {
  return `The program (process ${pid}) goes on; pyglass ends with it.`;
}

/** Such as `app-20260509-073210.svg` or `pid-123-20260509-073210.svg`. */
function defaultOutput(flags: RecordFlags, command: readonly string[]): string {
  const script = command.find((word) => word.endsWith('.py')) ?? command[0];
  const of = script === undefined ? `pid-${flags.pid}` : basename(script).replace(/\.py$/, '');
  const chosen = chooseFormat(flags, '');
  const suffix = flags.format === undefined ? '.svg' : (chosen?.extensions[0] ?? '.pyglass');
  return `${of}-${timeStamp()}${suffix}`;
}
