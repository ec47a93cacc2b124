import assert from 'node:assert/strict';
import { RunFlag } from '../../src/model/profile.js';
import { dumpJson, dumpText, variablesOf } from '../support/dumps.js';
import { LiveSampling } from '../support/live-sampling.js';
import { pyglass } from '../support/pyglass.js';
import { eachFreeThreadedPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { runsOf } from '../support/sampled-process.js';
import { programFile, withTarget } from '../support/targets.js';

/** Of each thread by its kernel id: names and lines, innermost first, as Python itself says. */
type Stacks = Readonly<Record<string, readonly (readonly [string, number])[]>>;

eachFreeThreadedPython('a dump has the stacks that Python says, also in bytecode of their own', (python) =>
  withTarget(python, programFile('free_threads.py'), async (target) => {
    const stacks: Stacks = JSON.parse(await target.line());
    const processes = await dumpJson(target.pid, '--locals');
    const { threads, pythonVersion, hasGil } = processes[0]!;
    assert.match(pythonVersion, /^3\.\d+\.\d+t$/);
    assert.equal(hasGil, false);
    assert.equal(Object.keys(stacks).length, 6);
    for (const [id, stack] of Object.entries(stacks)) {
      const thread = threads.find(({ threadId }) => threadId === Number(id))!;
      assert.equal(thread.state, 'waiting');
      assert.equal(thread.holdsGil, false);
      const shown = thread.frames
        .filter(({ kind }) => kind === 'python')
        .map(({ name, line }) => [name, line]);
      assert.deepEqual(shown, stack);
    }
    const step = variablesOf(processes, 'step');
    assert.match(JSON.stringify(step.get('thing')), /Thing.*number.*text.*thing \d/);
    assert.match(JSON.stringify(step.get('values')), /depth.*list.*set/);
  }),
);

eachFreeThreadedPython('samples have the stacks that Python says, also in bytecode of their own', (python) =>
  withTarget(python, programFile('free_threads.py'), async (target) => {
    const stacks: Stacks = JSON.parse(await target.line());
    const sampling = new LiveSampling(target.pid);
    try {
      let wrong = '';
      const isSeen = await sampling.until((profile) => {
        const seen = new Set<number>();
        for (const run of runsOf(profile)) {
          const { threadId } = profile.threads[run.thread]!;
          const stack = stacks[threadId];
          if (!stack) continue;
          seen.add(threadId);
          const shown = run.stack.filter((frame) => !frame.endsWith(':0')).map(withoutClass);
          const said = stack.map(([name, line]) => `${name}:${line}`);
          if (shown.join() !== said.join()) wrong = `${shown.join()} is not ${said.join()}`;
        }
        return seen.size === Object.keys(stacks).length;
      });
      assert.equal(wrong, '');
      assert.ok(isSeen);
    } finally {
      sampling.close();
    }
  }),
);

function withoutClass(frame: string): string {
  return frame.slice(frame.lastIndexOf('.') + 1);
}

eachFreeThreadedPython('threads run at once, and none holds a GIL or waits for one', (python) =>
  withTarget(python, programFile('free_busy.py'), async (target) => {
    const [one, other, waiting] = (await target.line()).split(' ').map(Number);
    const sampling = new LiveSampling(target.pid);
    try {
      const ran = new Map<number, Set<number>>();
      const isSeen = await sampling.until((profile) => {
        for (const { thread, flags, start, duration } of runsOf(profile)) {
          assert.equal(flags & (RunFlag.holdsGil | RunFlag.waitsForGil | RunFlag.collecting), 0);
          const { threadId } = profile.threads[thread]!;
          if ((flags & RunFlag.running) === 0 || duration === 0) continue;
          const times = ran.get(threadId) ?? new Set();
          ran.set(threadId, times.add(start));
        }
        return ran.has(one!) && ran.has(other!);
      });
      assert.ok(isSeen);
      assert.ok(!ran.has(waiting!));
    } finally {
      sampling.close();
    }
    const text = await dumpText(target.pid);
    assert.match(text, /^Python 3\.\d+\.\d+t .*, free-threaded: it has no GIL$/m);
    assert.doesNotMatch(text, /holds the GIL|waiting for the GIL/);
  }),
);

eachFreeThreadedPython('--mode gil and gil-wait say that there is no GIL', (python) =>
  withTarget(python, programFile('free_busy.py'), (target) =>
    withFolder(async (folder) => {
      const file = `${folder}/run.pyglass`;
      const recorded = await pyglass('record', '-p', String(target.pid), '-d', '0.3', '-o', file);
      assert.equal(recorded.status, 0, recorded.stderr);
      for (const mode of ['gil', 'gil-wait']) {
        const { stderr } = await pyglass('report', file, '--mode', mode, '-o', `${folder}/${mode}.svg`);
        assert.match(stderr, /free-threaded and runs without a GIL: use --mode cpu/);
      }
    }),
  ),
);

const withGil = { env: { ...process.env, PYTHON_GIL: '1' } };

eachFreeThreadedPython(
  'with a GIL after all, one thread holds it and the other waits for it',
  (python, context) =>
    withTarget(
      python,
      programFile('free_busy.py'),
      async (target) => {
        const line = await target.line();
        if (!line.endsWith(' True')) return context.skip('this Python does not take PYTHON_GIL');
        const busy = line.split(' ').slice(0, 2).map(Number);
        const sampling = new LiveSampling(target.pid);
        try {
          const held = new Set<number>();
          let waited = false;
          const isSeen = await sampling.until((profile) => {
            for (const { thread, flags } of runsOf(profile)) {
              if ((flags & RunFlag.holdsGil) !== 0) held.add(profile.threads[thread]!.threadId);
              if ((flags & RunFlag.waitsForGil) !== 0) waited = true;
            }
            return waited && busy.every((id) => held.has(id));
          });
          assert.ok(isSeen);
        } finally {
          sampling.close();
        }
        assert.equal((await dumpJson(target.pid))[0]!.hasGil, true);
      },
      withGil,
    ),
);
