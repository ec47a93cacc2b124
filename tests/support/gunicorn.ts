import { dirname } from 'node:path';
import type { PythonWithPackages } from './packages.js';
import { freePort, programFile, Target } from './targets.js';

/** Gunicorn with its default workers, all of them ready. */
export class Gunicorn {
  readonly target: Target;
  readonly url: string;

  private constructor(target: Target, port: number) {
    this.target = target;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start({ python, env }: PythonWithPackages, workers: number): Promise<Gunicorn> {
    const port = await freePort();
    const app = python.place(programFile('wsgi_app.py'));
    const run = { code: 'from gunicorn.app.wsgiapp import run; run()' };
    const target = await Target.start(python, run, {
      args: [
        ...['--workers', String(workers), '--bind', `127.0.0.1:${port}`, '--timeout', '600'],
        ...['--config', app, '--pythonpath', dirname(app), '--log-level', 'error', 'wsgi_app:app'],
      ],
      env,
    });
    const gunicorn = new Gunicorn(target, port);
    try {
      // The first one has said so already.
      for (let worker = 1; worker < workers; worker++) await target.line();
      return gunicorn;
    } catch (error) {
      await gunicorn.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.target.stop();
  }
}
