import { constants } from 'node:os';
import { SignalWitness } from './signal-witness.js';
import { spawnProgram } from './spawn-program.js';

export interface StartedProgram {
  readonly pid: number;
  /** Its exit status as in a shell: 128 + N when signal N ended it. */
  readonly exitStatus: Promise<number>;
  readonly ended: boolean;
  /** Ids of it and of what was started for it. */
  readonly pids: readonly number[];
  signal(name: NodeJS.Signals): void;
  /** Hands on a signal that we got, unless the program got it as well: it hears each once. */
  passOn(name: NodeJS.Signals): void;
}

/**
 * Starts a program in our terminal, process group and folder; with `output`, an open file, what it says goes there
 * and it has nothing to read. Throws `program-not-found` or `program-not-started`.
 */
export async function startProgram(
  command: readonly [string, ...string[]],
  output?: number,
): Promise<StartedProgram> {
  const witness = new SignalWitness();
  const child = await spawnProgram(command, {
    stdio: output === undefined ? 'inherit' : ['ignore', output, output],
  }).catch((error) => {
    witness.close();
    throw error;
  });
  let ended = false;
  const exitStatus = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      witness.close();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
  let passed = Promise.resolve();
  const passOn = async (name: NodeJS.Signals) => {
    // Without a witness: a terminal sends Ctrl-C to both of us.
    const shared = (await witness.sharedWith(child.pid, name)) ?? (name === 'SIGINT' && process.stdin.isTTY);
    if (!shared && !ended) child.kill(name);
  };
  return {
    pid: child.pid,
    exitStatus,
    get ended() {
      return ended;
    },
    get pids() {
      return [child.pid, witness.pid];
    },
    signal: (name) => void child.kill(name),
    passOn: (name) => {
      // In the order in which they came.
      passed = passed.then(() => passOn(name));
    },
  };
}
