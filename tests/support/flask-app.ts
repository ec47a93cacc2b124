import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../../src/process/linux-process.js';
import type { PythonWithPackages } from './packages.js';
import { freePort } from './targets.js';

const app = new URL('../../../examples/slow_app.py', import.meta.url).pathname;
/** Starting two Pythons with Flask takes seconds on a busy machine. */
const longestStart = 60_000;

/** The app of the examples folder, started as its author would: with the reloader. */
export class FlaskApp {
  /** The reloader's parent, which only waits: the process that was started. */
  readonly pid: number;
  readonly url: string;
  readonly #stop: () => Promise<void>;

  private constructor(pid: number, port: number, stop: () => Promise<void>) {
    this.pid = pid;
    this.url = `http://127.0.0.1:${port}`;
    this.#stop = stop;
  }

  static async start({ python, env }: PythonWithPackages): Promise<FlaskApp> {
    const port = await freePort();
    const [file, ...words] = python.command;
    const child = spawn(file, [...words, python.place(app)], {
      env: { ...env, PORT: String(port) },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    const flask = new FlaskApp(child.pid!, port, async () => {
      const children = childrenOf(child.pid!);
      child.kill('SIGKILL');
      await exited;
      for (const pid of children) process.kill(pid, 'SIGKILL');
    });
    try {
      await flask.#answering(() => child.exitCode !== null);
      return flask;
    } catch (error) {
      await flask.stop();
      throw error;
    }
  }

  /** There is no pipe from the process that serves, so its port is asked until it answers. */
  async #answering(ended: () => boolean): Promise<void> {
    const deadline = Date.now() + longestStart;
    for (;;) {
      try {
        await (await fetch(`${this.url}/`)).text();
        return;
      } catch (error) {
        if (ended() || Date.now() > deadline)
          throw new Error('the Flask app did not come up', { cause: error });
        await pause(20);
      }
    }
  }

  /** Requests `/slow` one after the other until stopped. */
  keepRequesting(): { stop: () => Promise<void> } {
    const controller = new AbortController();
    const requests = (async () => {
      while (!controller.signal.aborted) {
        try {
          await (await fetch(`${this.url}/slow`, { signal: controller.signal })).text();
        } catch (error) {
          if (!controller.signal.aborted) throw error;
        }
      }
    })();
    return {
      stop: () => {
        controller.abort();
        return requests;
      },
    };
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}
