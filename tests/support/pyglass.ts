import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { main } from './command.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whatever proxies there are where tests run. Tests of proxies set their own. */
export const environment: NodeJS.ProcessEnv = { ...process.env, no_proxy: '*' };

/** The command line as a user runs it, in a process of its own. */
export class Pyglass {
  readonly child;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown[]>;
  readonly #waiting: (() => void)[] = [];

  /** `core`: the processor that it is kept on. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = environment, core?: number) {
    const words = [process.execPath, main, ...args];
    const [file, ...rest] = core === undefined ? words : ['taskset', '-c', String(core), ...words];
    this.child = spawn(file!, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#closed = once(this.child, 'close');
    this.child.stdout.setEncoding('utf8').on('data', (text) => this.#heard('stdout', text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => this.#heard('stderr', text));
  }

  #heard(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits until it has said this on standard error. */
  async said(pattern: RegExp): Promise<void> {
    await this.#until('stderr', pattern);
  }

  /** Waits until it has written this to standard output, and returns it. */
  printed(pattern: RegExp): Promise<string> {
    return this.#until('stdout', pattern);
  }

  async #until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this[stream]);
      if (found) return found[0];
      const heard = new Promise<'heard'>((resolve) => this.#waiting.push(() => resolve('heard')));
      const first = await Promise.race([heard, this.#closed]);
      if (first !== 'heard' && !pattern.test(this[stream]))
        throw new Error(`pyglass ended without saying ${pattern}: ${this.stderr}`);
    }
  }

  async outcome(): Promise<Outcome> {
    const [code, signal] = await this.#closed;
    return {
      status: (code as number | null) ?? -1,
      stdout: this.stdout,
      stderr: this.stderr + (signal ?? ''),
    };
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#closed;
  }
}

/** The same with at most so many open files. */
export async function pyglassWithFiles(files: number, ...args: string[]): Promise<Outcome> {
  const words = [`--nofile=${files}:${files}`, process.execPath, main, ...args];
  const child = spawn('prlimit', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const outcome = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (outcome.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (outcome.stderr += text));
  try {
    const [code, signal] = await once(child, 'close');
    return { ...outcome, status: (code as number | null) ?? -1, stderr: outcome.stderr + (signal ?? '') };
  } finally {
    child.kill('SIGKILL');
  }
}

export async function pyglass(...args: string[]): Promise<Outcome> {
  const run = new Pyglass(args);
  try {
    return await run.outcome();
  } finally {
    await run.stop();
  }
}
