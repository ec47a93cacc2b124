import { type StartedProgram, startProgram } from '../../process/start-program.js';
import { exitCodes } from '../exit-codes.js';
import { plainText, type Terminal } from '../terminal.js';
import { ProgramOutput } from './program-output.js';

/** Longer than this (milliseconds) a program may not take to end without a word of ours. */
const patience = 300;

/** A program that is ended with the command that shows it: its output goes into a file, or where ours goes. */
export class WatchedProgram {
  readonly #program: StartedProgram;
  readonly #output: ProgramOutput | undefined;
  #interrupted = () => {};

  private constructor(program: StartedProgram, output: ProgramOutput | undefined) {
    this.#program = program;
    this.#output = output;
  }

  static async start(
    command: readonly [string, ...string[]],
    output: 'kept' | 'shown' = 'kept',
  ): Promise<WatchedProgram> {
    const kept = output === 'kept' ? new ProgramOutput() : undefined;
    try {
      return new WatchedProgram(await startProgram(command, kept?.file), kept);
    } catch (error) {
      kept?.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Somebody wants us to wait no longer. */
  interrupt(): void {
    this.#interrupted();
  }

  /**
   * Ends it, unless it has ended, by the signal that we got or as Ctrl-C would, and says where its output is. Returns
   * the exit status: that of a program that ended by itself.
   */
  async finish(signal: NodeJS.Signals | undefined, byItself: boolean, terminal: Terminal): Promise<number> {
    const program = this.#program;
    if (!program.ended && !byItself) {
      if (signal === undefined) program.signal('SIGINT');
      else program.passOn(signal);
    }
    const waiting = setTimeout(() => {
      terminal.say(`Waiting for the program (process ${program.pid}) to end; Ctrl-C leaves it running.`);
    }, patience);
    const interrupted = new Promise<number>((resolve) => {
      this.#interrupted = () => resolve(exitCodes.interrupted);
    });
    const status = await Promise.race([program.exitStatus, interrupted]);
    clearTimeout(waiting);
    if (this.#output?.close()) terminal.say(`The program's output is in ${plainText(this.#output.path)}`);
    return byItself || !program.ended ? status : exitCodes.success;
  }
}
