import { readRecording } from '../../src/disk/read-recording.js';
import type { Profile } from '../../src/model/profile.js';
import { Pyglass } from '../support/pyglass.js';
import type { TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { Target } from '../support/targets.js';

export interface RunOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly args?: readonly string[];
  /** The processor of the profiler. */
  readonly core?: number;
  /** Whether the program has the first processor and no other; true when absent. */
  readonly isPinned?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Records a program from its `begin` on. Returns what was recorded, and the line in which the program says what was
 * true.
 */
export async function recordedRun(
  python: TestPython,
  file: string,
  { rate, seconds, args = [], core = 1, isPinned = true, env = process.env }: RunOptions,
): Promise<{ readonly profile: Profile; readonly truth: string }> {
  const pinned: TestPython = { ...python, command: ['taskset', '-c', '0', ...python.command] };
  const target = await Target.start(isPinned ? pinned : python, file, { args });
  try {
    return await withFolder(async (folder) => {
      const path = `${folder}/run.pyglass`;
      const words = ['record', '-p', `${target.pid}`, '-r', `${rate}`, '-d', `${seconds}`, '-o', path];
      const run = new Pyglass(words, env, core);
      try {
        await run.said(/Recording /);
        target.say('begin');
        const { status, stderr } = await run.outcome();
        if (status !== 0) throw new Error(stderr);
      } finally {
        await run.stop();
      }
      target.say('tell');
      return { truth: await target.line(), profile: readRecording(path) };
    });
  } finally {
    await target.stop();
  }
}
