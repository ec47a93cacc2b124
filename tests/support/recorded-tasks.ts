import assert from 'node:assert/strict';
import { readRecording } from '../../src/disk/read-recording.js';
import { Pyglass, pyglass } from './pyglass.js';
import type { TestPython } from './pythons.js';
import { parseRaw, type RawStack, untilGrown, withFolder } from './recordings.js';
import { programFile, type Target, type TargetOptions, withTarget } from './targets.js';

/** The stacks of a recording as a view with these flags shows them. */
type Raw = (...flags: string[]) => Promise<RawStack[]>;

/** Records with --tasks while `act` goes on; the stacks of the recording as a view shows them. */
export async function recordedWithTasks(
  target: Target,
  act: () => Promise<void>,
  look: (raw: Raw) => Promise<void>,
  untilReady: (file: string) => Promise<void> = async () => {},
): Promise<void> {
  await withFolder(async (folder) => {
    const file = `${folder}/run.pyglass`;
    const recording = new Pyglass(['record', '--tasks', '-p', String(target.pid), '-o', file]);
    try {
      await recording.said(/Recording/);
      await untilReady(file);
      await act();
      recording.child.kill('SIGINT');
      assert.equal((await recording.outcome()).status, 0);
    } finally {
      await recording.stop();
    }
    await look(async (...flags) => {
      const { status, stdout, stderr } = await pyglass('report', file, '-f', 'raw', '-o', '-', ...flags);
      assert.equal(status, 0, stderr);
      return parseRaw(stdout);
    });
  });
}

/**
 * On a busy machine seconds pass from the first look at tasks to the second, and of what began and ended between them
 * nothing is known.
 */
export async function untilTasksAreLookedAt(file: string): Promise<void> {
  for (;;) {
    await untilGrown(file);
    const { threads, runs } = readRecording(file);
    // Its time is written at the second look.
    for (let run = 0; run < runs.stack.length; run++)
      if (threads[runs.thread.at(run)]!.isTask && runs.duration.at(run) > 0) return;
  }
}

/** Whether a frame is of a function, also where it has a qualified name. */
export function isFunction(name: string) {
  return (frame: string) => frame === name || frame.endsWith(`.${name}`);
}

/** Samples of all of them. */
export function total(stacks: readonly RawStack[]): number {
  return stacks.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Shares of functions, each of which is a kind of task, are those that the program measured itself, within 2 points; no
 * stack has two of them. Returns how long they took by the recording.
 */
function checkShares(stacks: readonly RawStack[], seconds: Readonly<Record<string, number>>): number {
  const kinds = Object.keys(seconds);
  const ofKind = (kind: string) => stacks.filter(({ names }) => names.some(isFunction(kind)));
  const times = kinds.map((kind) => total(ofKind(kind)));
  const whole = times.reduce((sum, time) => sum + time, 0);
  const truth = kinds.reduce((sum, kind) => sum + seconds[kind]!, 0);
  for (const [at, kind] of kinds.entries()) {
    const [share, trueShare] = [times[at]! / whole, seconds[kind]! / truth];
    assert.ok(Math.abs(share - trueShare) < 0.02, `${kind}: ${share} of ${trueShare}`);
    for (const { names } of ofKind(kind)) {
      const others = kinds.filter((other) => other !== kind && names.some(isFunction(other)));
      assert.deepEqual(others, [], names.join(';'));
    }
  }
  return whole;
}

/** What was recorded of a program that measures how long its tasks of each kind take. */
interface MeasuredTasks {
  readonly raw: Raw;
  /** Of all functions, and how many of them are of those tasks. */
  readonly stacks: readonly RawStack[];
  readonly whole: number;
}

/**
 * Records such a program, and checks the shares of its `kinds`. It begins at the line `go`, and prints {kind: seconds}.
 */
export function timesAreTrue(
  python: TestPython,
  program: string,
  { kinds, ...options }: TargetOptions & { readonly kinds: readonly string[] },
  look: (measured: MeasuredTasks) => Promise<void>,
): Promise<void> {
  return withTarget(
    python,
    programFile(program),
    async (target) => {
      let seconds: Record<string, number> = {};
      const act = async () => {
        target.say('go');
        seconds = JSON.parse(await target.line());
      };
      await recordedWithTasks(
        target,
        act,
        async (raw) => {
          const stacks = await raw('-F');
          assert.deepEqual(Object.keys(seconds).sort(), kinds);
          await look({ raw, stacks, whole: checkShares(stacks, seconds) });
        },
        untilTasksAreLookedAt,
      );
    },
    options,
  );
}
