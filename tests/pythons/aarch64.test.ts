import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DumpReport } from '../../src/index.js';
import { listPythons, snapshot } from '../../src/index.js';
import { coreOfProcess, stop } from '../support/process-core.js';
import { eachArm64Python } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

type Stacks = Readonly<Record<string, readonly (readonly [string, number])[]>>;

/** What the program says of the threads that it has by name. */
const own = async (target: Target): Promise<Stacks> => JSON.parse(await target.line());

/** The same of the dump. */
function shown(threads: DumpReport['processes'][number]['threads'], minor: number): Stacks {
  return Object.fromEntries(
    threads
      .filter(({ name }) => name !== 'MainThread')
      .map(({ name, frames }) => [
        name,
        frames
          .filter(({ kind }) => kind === 'python')
          .map((frame) => [minor < 11 ? frame.name : frame.qualifiedName, frame.line] as const),
      ]),
  );
}

eachArm64Python('dump, ps and a core file have the stacks that an emulated Python has itself', (python) =>
  withFolder((folder) =>
    withTarget(python, programFile('current_frames.py'), async (target) => {
      const expected = await own(target);
      const [dumped] = (await snapshot(target.pid)).processes;
      assert.deepEqual(shown(dumped!.threads, python.minor), expected);
      assert.equal(dumped!.pythonVersion, python.version);
      for (const { name, frames, state, waitingFor } of dumped!.threads.filter(
        ({ name }) => expected[name],
      )) {
        assert.equal(frames[0]!.qualifiedName, '_thread.lock.acquire');
        assert.deepEqual([state, waitingFor], ['waiting', 'waiting for a lock'], name);
      }
      const sorted = dumped!.threads.find(({ name }) => name === 'sort')!.frames;
      assert.ok(
        sorted.some(({ kind, qualifiedName }) => kind === 'c' && qualifiedName === 'builtins.sorted'),
      );
      const row = (await listPythons()).find(({ pid }) => pid === target.pid)!;
      assert.deepEqual([row.version, row.readable, row.what], [python.version, true, 'current_frames.py']);
      stop(target.pid);
      const core = join(folder, 'core');
      writeFileSync(core, coreOfProcess(target.pid));
      const [read] = (await snapshot({ core })).processes;
      assert.deepEqual(shown(read!.threads, python.minor), expected);
    }),
  ),
);

eachArm64Python('who holds the GIL of an emulated Python and who waits for it is shown', (python) =>
  withTarget(python, { code: spins }, async ({ pid }) => {
    let [holders, waiters] = [0, 0];
    for (let looks = 0; looks < 200 && !(holders >= 3 && waiters >= 3); looks++) {
      const { threads } = (await snapshot(pid)).processes[0]!;
      const spinning = threads.filter(({ name }) => name === 'spin');
      assert.equal(spinning.length, 2);
      const held = spinning.filter(({ holdsGil }) => holdsGil).length;
      assert.ok(held <= 1);
      holders += held;
      waiters += spinning.filter(({ state }) => state === 'waiting-for-gil').length;
    }
    assert.ok(holders >= 3 && waiters >= 3, `${holders} held it, ${waiters} waited for it`);
  }),
);

const spins = `
import sys, threading
def spin():
    while True:
        pass
for _ in range(2):
    threading.Thread(target=spin, name='spin', daemon=True).start()
print('ready', flush=True)
sys.stdin.readline()
`;

const aborts = `
import os, sys
def aborts(depth):
    if depth > 0:
        aborts(depth - 1)
    os.abort()
print('ready', flush=True)
sys.stdin.readline()
aborts(2)
`;

eachArm64Python('the core file that the emulator writes is read with the executable', (python) =>
  withFolder((folder) => {
    const [file, ...words] = python.command;
    const command = ['prlimit', '--core=unlimited', 'env', '-C', folder, file, ...words] as const;
    return withTarget({ ...python, command }, { code: aborts }, async ({ child }) => {
      const exited = once(child, 'exit');
      child.stdin!.end('\n');
      assert.equal((await exited)[1], 'SIGABRT');
      const core = join(folder, readdirSync(folder).find((name) => name.endsWith('.core'))!);
      const [read] = (await snapshot({ core, executable: python.command.at(-1)! })).processes;
      assert.equal(read!.core!.signal!.name, 'SIGABRT');
      assert.deepEqual(
        read!.threads.map(({ frames }) =>
          frames.filter(({ kind }) => kind === 'python').map(({ line }) => line),
        ),
        [[6, 5, 5, 9]],
      );
      await assert.rejects(snapshot({ core }), { code: 'core-files-missing' });
    });
  }),
);
