import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { processFacts } from './linux-process.js';

/**
 * Milliseconds in which a signal to a group reaches all of it. To a process group it is sent in one system call;
 * systemd sends to one process of a control group after the other, a microsecond or two each.
 */
const longestDelivery = 100;

/**
 * A process that does nothing, in the process group and control group that we share with the program we started. A
 * signal that ends it as it came to us was sent to all of them (Ctrl-C, timeout(1), systemd, `kill -INT -PGID`), so
 * the program got it too; one that leaves it alone was for us only (`kill PID`, docker stop). Nothing else can
 * distinguish these: the kernel says who sent a signal, not to whom.
 */
export class SignalWitness {
  #child: ChildProcess | undefined;
  #closed = false;
  #died: { readonly signal: string; readonly at: number } | undefined;
  #onDeath = () => {};

  constructor() {
    this.#start();
  }

  /** 0 when there is none. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Whether the signal that we just got went to `program` as well; `undefined` when not known. */
  async sharedWith(program: number, signal: NodeJS.Signals): Promise<boolean | undefined> {
    const child = this.#child;
    if (!this.#hasDied(signal)) {
      if (child?.pid === undefined) return undefined;
      await this.#death();
      if (!this.#hasDied(signal) && !isPending(child.pid, signal)) return false;
    }
    // A program that made a group of its own was not reached through ours.
    return processFacts(program)?.processGroup === processFacts(process.pid)?.processGroup;
  }

  close(): void {
    this.#closed = true;
    this.#child?.stdin?.destroy();
  }

  #hasDied(signal: string): boolean {
    const died = this.#died;
    return died?.signal === signal && performance.now() - died.at < 2 * longestDelivery;
  }

  #death(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestDelivery);
      this.#onDeath = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #start(): void {
    // It ends when our end of its input is closed, also by our own death.
    const child = spawn('cat', { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
    this.#child = child;
    child.once('error', () => {
      this.#child = undefined;
    });
    child.once('exit', (_, signal) => {
      this.#child = undefined;
      if (signal === null || this.#closed) return;
      this.#died = { signal, at: performance.now() };
      this.#start();
      this.#onDeath();
    });
    child.stdin.on('error', () => {});
    child.unref();
    (child.stdin as Socket).unref();
  }
}

/** Sent but not acted on: the process is stopped, or had no turn yet. */
function isPending(pid: number, signal: NodeJS.Signals): boolean {
  try {
    const pending = /^ShdPnd:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return ((BigInt(`0x${pending ?? '0'}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}
