import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { descendantsOf } from '../../src/process/linux-process.js';
import type { TestPython } from './pythons.js';

const programs = new URL('../../../tests/programs/', import.meta.url).pathname;

/** The file of a program below tests/programs. */
export function programFile(name: string): string {
  return `${programs}${name}`;
}

/** A program's file, or what comes after -c or -m. */
export type Started = string | { readonly code: string } | { readonly module: string };

export interface TargetOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** An open file of ours that it gets as its file 3. */
  readonly file?: number;
}

/** A running Python program that has said `ready`. */
export class Target {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.pid = child.pid!;
    this.#exited = once(child, 'exit');
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts it and waits until it prints `ready`. */
  static async start(python: TestPython, program: Started, options: TargetOptions = {}): Promise<Target> {
    const [file, ...words] = python.command;
    const what =
      typeof program === 'string'
        ? [python.place(program)]
        : 'code' in program
          ? ['-c', program.code]
          : ['-m', program.module];
    const child = spawn(file, [...words, ...what, ...(options.args ?? [])], {
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'inherit', ...(options.file === undefined ? [] : [options.file])],
    });
    const target = new Target(child);
    try {
      const line = await target.line();
      if (line !== 'ready') throw new Error(`the program said ${JSON.stringify(line)}, not ready`);
      return target;
    } catch (error) {
      await target.stop();
      throw error;
    }
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the program ended');
    return value;
  }

  say(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Kills it and whatever it started. */
  async stop(): Promise<void> {
    const children = descendantsOf(this.pid);
    this.child.kill('SIGKILL');
    await this.#exited;
    for (const pid of children) killQuietly(pid);
  }
}

/** Runs `act` with a running program, which is gone afterwards whatever happens. */
export async function withTarget<T>(
  python: TestPython,
  program: Started,
  act: (target: Target) => Promise<T>,
  options: TargetOptions = {},
): Promise<T> {
  const target = await Target.start(python, program, options);
  try {
    return await act(target);
  } finally {
    await target.stop();
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Below those that the kernel gives to who asks for any (ip_local_port_range), above the last that `fetch` refuses. */
const ports = { from: 11_000, to: 32_767 };
let portsTried = 0;

/**
 * A port for a program that cannot choose one itself. Nobody who asks the kernel for one gets it meanwhile, and each
 * process of tests begins elsewhere.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.from + ((process.pid * 37 + portsTried++) % (ports.to - ports.from));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
