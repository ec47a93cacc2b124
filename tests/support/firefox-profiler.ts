import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from './repository.js';

const program = join(repository, 'node_modules/@firefox-devtools/profiler-cli/dist/profiler-cli.js');

/**
 * Asks the Firefox Profiler, as its command line has it, of a file in `folder`: `ask('thread', 'list')`. Fails when the
 * file cannot be loaded.
 */
export async function withFirefoxProfiler(
  folder: string,
  file: string,
  run: (ask: (...words: readonly string[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const env = { ...process.env, PROFILER_CLI_SESSION_DIR: folder };
  const daemon = spawn(process.execPath, [program, '--daemon', file, '--session', 'test'], {
    env,
    stdio: 'ignore',
  });
  const ended = once(daemon, 'exit');
  try {
    await Promise.race([
      lineInLog(folder, 'test.log'),
      ended.then(() => {
        throw new Error('the Firefox Profiler ended');
      }),
    ]);
    await run(async (...words) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [program, ...words, '--json', '--session', 'test'],
        { env },
      );
      return JSON.parse(stdout);
    });
  } finally {
    daemon.kill('SIGKILL');
    await ended;
  }
}

/** Waits until the log says that the profile is loaded; throws what it says else. */
async function lineInLog(folder: string, name: string): Promise<void> {
  const controller = new AbortController();
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      let log = '';
      try {
        log = readFileSync(join(folder, name), 'utf8');
      } catch {
        return;
      }
      if (log.includes('Profile loaded successfully')) resolve();
      else if (log.includes('[ERROR]')) reject(new Error(log));
    };
    watch(folder, { signal: controller.signal }, look);
    look();
  }).finally(() => controller.abort());
}
