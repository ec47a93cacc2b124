import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { threadActivity } from '../../src/process/thread-activity.js';
import { dumpJson, dumpText, variablesOf } from '../support/dumps.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachPython, everyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { settledThreads, waits } from '../support/waits.js';

everyPython('what each thread waits for is shown', (python) =>
  withTarget(python, programFile('waits.py'), async ({ pid }) => {
    const threads = await settledThreads(pid);
    for (const [name, words] of Object.entries(waits)) {
      const thread = threads.find((one) => one.name === name);
      assert.equal(thread?.state, 'waiting', name);
      assert.match(thread.waitingFor, words);
      assert.ok(thread.frames.some((frame) => frame.name === name));
      assert.equal(thread.moving, false);
    }
    const main = threads[0]!;
    assert.equal(main.name, 'MainThread');
    assert.ok(threads.every(({ threadId }) => threadId > 0));
  }),
);

everyPython('who holds the GIL and who waits for it is shown', (python) =>
  withTarget(python, programFile('waits.py'), async ({ pid }) => {
    let holders = 0;
    let waiters = 0;
    // Three of them want it all the time. Python 2 wakes them all the time, so that they are seen to run.
    const leastWaiters = python.minor >= 0 ? 8 : 0;
    const deadline = Date.now() + 30_000;
    while ((holders < 4 || waiters < leastWaiters) && Date.now() < deadline) {
      const spinning = (await dumpJson(pid))[0]!.threads.filter(({ name }) => name === 'spin');
      assert.equal(spinning.length, 3);
      holders += spinning.filter(({ holdsGil }) => holdsGil).length;
      waiters += spinning.filter(({ state }) => state === 'waiting-for-gil').length;
      assert.ok(spinning.filter(({ holdsGil }) => holdsGil).length <= 1);
      assert.ok(spinning.every((one) => !(one.holdsGil && one.state === 'waiting-for-gil')));
    }
    assert.ok(holders >= 4, `${holders} times somebody held it`);
    assert.ok(waiters >= leastWaiters, `${waiters} times somebody waited`);
  }),
);

eachPython('names and lines are those that the program prints itself, innermost first', (python) =>
  withTarget(python, programFile('names.py'), async (target) => {
    const expected: [string, number][] = JSON.parse(await target.line());
    const [main] = (await dumpJson(target.pid))[0]!.threads;
    assert.deepEqual(
      main?.frames
        .filter(({ kind }) => kind === 'python')
        .map(({ qualifiedName, line }) => [qualifiedName, line])
        .reverse(),
      expected,
    );
    const text = await dumpText(target.pid, '--full-filenames');
    const file = python.place(programFile('names.py'));
    assert.ok(text.includes(`(${file}:39)\n`), text);
    assert.ok(text.startsWith(`Process ${target.pid}: `));
    assert.ok(text.includes(`\nPython ${python.version}`));
  }),
);

everyPython('a stack of 5,000 frames is whole', (python) =>
  withTarget(
    python,
    programFile('deep.py'),
    async ({ pid }) => {
      const processes = await dumpJson(pid, '--locals');
      const diver = processes[0]!.threads.find(({ name }) => name === 'diver')!;
      assert.equal(diver.frames.filter(({ name }) => name === 'descend').length, 5000);
      assert.equal(variablesOf(processes, 'descend').get('left')?.value, '0');
    },
    { args: ['5000'] },
  ),
);

eachPython(
  'every interpreter is shown',
  (python) =>
    withTarget(python, programFile('interpreters.py'), async ({ pid }) => {
      const processes = await dumpJson(pid, '--locals');
      const { threads } = processes[0]!;
      const inside = threads.find(({ frames }) => frames[1]?.name === 'inside');
      assert.equal(inside?.interpreter, 1);
      assert.equal(variablesOf(processes, 'inside').get('marker')?.value, "'in the second'");
      assert.ok(threads.some(({ name, interpreter }) => name === 'holder' && interpreter === 0));
      assert.ok(
        threads.some(({ name, frames }) => name === 'MainThread' && frames.at(-1)?.name === '<module>'),
      );
      assert.match(await dumpText(pid), /: .*, interpreter 1\n {4}io\.TextIOWrapper\.read\n {4}inside \(/);
    }),
  { since: 8, what: 'module for interpreters' },
);

for (const forker of ['main', 'thread'])
  eachPython(`after a fork in C by the ${forker} the child has one thread, and its own id`, (python) =>
    withTarget(
      python,
      programFile('c_fork.py'),
      async (target) => {
        const pid = Number(await target.line());
        const stateOf = async () => {
          const { threads } = (await dumpJson(pid))[0]!;
          assert.deepEqual(
            threads.map(({ threadId }) => threadId),
            [pid],
          );
          assert.ok(threads[0]!.frames.some(({ name }) => name === 'in_child'));
          if (threads[0]!.state === 'waiting') assert.equal(threads[0]!.waitingFor, 'sleeping');
          return threads[0]!.state;
        };
        const deadline = Date.now() + 30_000;
        const isSeen = async (state: string) => {
          while (Date.now() < deadline) if ((await stateOf()) === state) return true;
          return false;
        };
        assert.ok(await isSeen('waiting'));
        target.say('compute');
        assert.ok(await isSeen('running'));
      },
      { args: [forker, 'asked'] },
    ),
  );

eachPython(
  'an inner interpreter has the id of the thread that runs it',
  (python) =>
    withTarget(
      python,
      programFile('inner_work.py'),
      async ({ pid }) => {
        const { threads } = (await dumpJson(pid))[0]!;
        const inside = threads.find(({ frames }) => frames.some(({ name }) => name === 'inner_one'));
        const outside = threads.find(({ name }) => name === 'sub-one');
        assert.ok(outside && outside.threadId !== pid);
        assert.equal(inside?.threadId, outside.threadId);
      },
      { args: ['one'] },
    ),
  { since: 8, what: 'module for interpreters' },
);

test('a stopped process is read all the same', () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid, child }) => {
    child.kill('SIGSTOP');
    while (threadActivity(pid, pid).state !== 'T') await pause(5);
    const [main] = (await dumpJson(pid, '--locals'))[0]!.threads;
    assert.equal(main?.state, 'stopped');
    assert.equal(main.frames.at(-1)?.name, '<module>');
    assert.equal(main.moving, false);
    assert.equal(threadActivity(pid, pid).state, 'T');
  }));

test('a process in uninterruptible sleep is read all the same', () =>
  withFolder((folder) =>
    withTarget(
      anyPython(),
      programFile('uninterruptible.py'),
      async ({ pid }) => {
        while (threadActivity(pid, pid).state !== 'D') await pause(5);
        const processes = await dumpJson(pid, '--locals');
        const [main] = processes[0]!.threads;
        assert.equal(main?.state, 'waiting');
        assert.match(main.waitingFor, /^starting a process, uninterruptible/);
        assert.equal(main.holdsGil, true);
        assert.equal(main.frames[0]?.qualifiedName, 'os.posix_spawn');
        assert.equal(main.frames[1]?.name, 'start');
        assert.equal(variablesOf(processes, 'start').get('program')?.value, "'/bin/true'");
      },
      { args: [folder] },
    ),
  ));

eachPython('a program that runs is read without a frame that is none', (python) =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    for (let looks = 0; looks < 10; looks++) {
      const [main] = (await dumpJson(pid, '--locals'))[0]!.threads;
      const names = main!.frames.map(({ qualifiedName }) => qualifiedName).join(' ');
      assert.match(names, /^(?:(?:time\.perf_counter )?compute |(?:time\.sleep )?wait |)<module>$/);
    }
  }),
);

test('with -s the children are shown, and those that are not Python passed over', () =>
  withTarget(anyPython(), programFile('children.py'), async (target) => {
    const [python, other] = (await target.line()).split(' ').map(Number);
    const processes = await dumpJson(target.pid, '--subprocesses');
    assert.deepEqual(processes.map(({ pid }) => pid).sort(), [target.pid, python].sort());
    assert.ok(readFileSync(`/proc/${other}/comm`, 'utf8').startsWith('sleep'));
    const text = await dumpText(target.pid, '-s');
    assert.equal(text.match(/^Process /gm)?.length, 2);
    assert.ok(text.includes(`Started by process ${target.pid}\n`));
    assert.equal((await dumpJson(target.pid)).length, 1);
  }));

test('without a process, or with one that cannot be shown, there is one clear error', async () => {
  const missing = await pyglass('dump');
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /--pid/);
  const nobody = await pyglass('dump', '-p', '4194305');
  assert.equal(nobody.status, 3);
  assert.match(nobody.stderr, /no process 4194305/);
  const other = await pyglass('dump', '-s', '-p', String(process.pid));
  assert.equal(other.status, 3);
  assert.match(other.stderr, /is not Python/);
  for (const { stdout, stderr } of [missing, nobody, other]) {
    assert.equal(stdout, '');
    assert.doesNotMatch(stderr, /\n\s+at |Error:/);
  }
});

for (const depth of [50_000, 70_000])
  eachPython(
    `a dump of ${depth} frames has as many as are followed, and says so when there are more`,
    (python) =>
      withTarget(
        python,
        programFile('deep.py'),
        async ({ pid }) => {
          const diver = (await dumpJson(pid))[0]!.threads.find(({ name }) => name === 'diver');
          const followed = diver?.frames.filter(({ name }) => name === 'descend').length ?? 0;
          assert.equal(diver?.truncated, depth > 65_536);
          if (diver.truncated) assert.ok(followed > 65_000 && followed <= 65_536, String(followed));
          else assert.equal(followed, depth);
        },
        { args: [String(depth)] },
      ),
  );
