import assert from 'node:assert/strict';
import { readRecording } from '../../src/disk/read-recording.js';
import type { Profile } from '../../src/model/profile.js';
import { accuracyPrograms, measureAccuracy } from '../accuracy/suite.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { eachPython, type TestPython } from '../support/pythons.js';
import { namesOf, untilGrown, withFolder } from '../support/recordings.js';
import { programFile, type Target, withTarget } from '../support/targets.js';

/** Records a program until `act` is done with it. */
async function recorded(
  python: TestPython,
  program: string,
  act: (target: Target, grown: () => Promise<void>) => Promise<void>,
): Promise<Profile> {
  return withFolder((folder) =>
    withTarget(python, programFile(program), async (target) => {
      const path = `${folder}/run.pyglass`;
      const run = new Pyglass(['record', '-p', String(target.pid), '-o', path]);
      try {
        await run.said(/Recording /);
        await act(target, () => untilGrown(path));
        run.child.kill('SIGINT');
        const { status, stderr } = await run.outcome();
        assert.equal(status, 0, stderr);
        return readRecording(path);
      } finally {
        await run.stop();
      }
    }),
  );
}

/** The Python functions of all stacks that were seen. C functions between them do not matter here. */
function stacksOf(profile: Profile): string[][] {
  const ids = new Set<number>();
  for (let run = 0; run < profile.runs.stack.length; run++) ids.add(profile.runs.stack.at(run));
  return [...ids].map((id) => namesOf(profile, id, 'python'));
}

eachPython('frames of generators and coroutines stand below their callers', async (python) => {
  const profile = await recorded(python, 'suspended_frames.py', (_, grown) => grown());
  const holding = stacksOf(profile).filter((names) => names.includes('hold'));
  const upTo = (names: string[], first: string) =>
    names.slice(names.indexOf(first), names.indexOf('hold') + 1);
  const ofGenerator = holding.find((names) => names.includes('consume'));
  assert.deepEqual(upTo(ofGenerator ?? [], 'consume'), ['consume', 'outer', 'inner', 'hold']);
  const ofCoroutine = holding.find((names) => names.includes('run_coroutine'));
  assert.deepEqual(upTo(ofCoroutine ?? [], 'parent'), ['parent', 'child', 'hold']);
  assert.equal(new Set(holding.map(String)).size, 2);
});

eachPython('threads that start and end are seen while they are there', async (python) => {
  const profile = await recorded(python, 'passing_threads.py', async (target, grown) => {
    for (let round = 0; round < 2; round++) {
      target.say('start');
      assert.equal(await target.line(), 'started');
      await grown();
      await grown();
      target.say('end');
      assert.equal(await target.line(), 'ended');
      await grown();
      await grown();
    }
  });
  const jobs = new Set<number>();
  const ends: number[] = [];
  let lastOfMain = 0;
  const { thread, stack, start, duration } = profile.runs;
  for (let run = 0; run < stack.length; run++) {
    const functions = namesOf(profile, stack.at(run));
    const end = start.at(run) + duration.at(run);
    if (functions.includes('job')) {
      // One whose id is not known at its first sample is listed once more when it is.
      const { threadId } = profile.threads[thread.at(run)]!;
      if (threadId > 0) jobs.add(threadId);
      ends.push(end);
    } else if (functions.includes('between')) lastOfMain = end;
  }
  // Three in the first round, five in the second.
  assert.equal(jobs.size, 8);
  assert.ok(Math.max(...ends) < lastOfMain, `jobs until ${Math.max(...ends)}, main until ${lastOfMain} µs`);
});

eachPython(
  'subinterpreters are seen below the main one',
  async (python) => {
    const profile = await recorded(python, 'subinterpreters.py', (_, grown) => grown());
    const stacks = stacksOf(profile);
    const inside = stacks.filter((names) => names.includes('inside'));
    assert.ok(inside.length > 0);
    for (const names of inside)
      assert.ok(names.includes('enter') && !names.includes('outside'), String(names));
    assert.ok(stacks.some((names) => names.includes('outside')));
  },
  { since: 8, what: 'module for interpreters' },
);

eachPython('read through /proc the stacks are as true, and the cost is shown', async (python) => {
  const program = accuracyPrograms.find(({ file }) => file === 'alternating.py')!;
  const result = await measureAccuracy(python, program, { rate: 5000, seconds: 1, memory: 'proc' });
  assert.equal(result.impossible, 0);
  for (const name of ['a', 'b', 'x', 'y']) assert.ok(result.seen.has(name), `${name} was not seen`);
  assert.ok(result.retried > 0, 'no reading was repeated');
});

/**
 * Records tests/programs/deep.py with these arguments; what it did in `descend`, as stacks from the outermost frame on.
 */
async function recordedDeep(python: TestPython, ...args: readonly string[]) {
  return withTarget(
    python,
    programFile('deep.py'),
    ({ pid }) =>
      withFolder(async (folder) => {
        const path = `${folder}/run.pyglass`;
        const { status, stderr } = await pyglass('record', '-p', String(pid), '-d', '0.5', '-o', path);
        assert.equal(status, 0, stderr);
        const profile = readRecording(path);
        const diver = profile.threads.findIndex(({ name }) => name === 'diver');
        const stacks = new Set<number>();
        for (let run = 0; run < profile.runs.stack.length; run++)
          if (profile.runs.thread.at(run) === diver) stacks.add(profile.runs.stack.at(run));
        assert.ok(stacks.size > 0, 'the thread was never seen');
        return { profile, stacks: [...stacks].map((id) => namesOf(profile, id)) };
      }),
    { args },
  );
}

for (const [depth, ...what] of [['10000'], ['20000', 'busy'], ['50000', 'busy']] as const)
  eachPython(
    `a stack of ${depth} frames is whole${what.length === 0 ? ' from its first sample' : ''}${what.map((one) => `, ${one}`)}`,
    async (python) => {
      const { profile, stacks } = await recordedDeep(python, depth, ...what);
      // To copy a stack that moves takes milliseconds: one that could not be read as of one moment says so.
      const whole = what.length === 0 ? stacks : stacks.filter((names) => names.at(-1) !== '<unread>');
      assert.ok(whole.length > 0);
      for (const names of whole) {
        assert.equal(
          names.filter((name) => name === 'descend').length,
          Number(depth),
          names.slice(0, 9).join(),
        );
        assert.ok(!names.includes('<truncated>') && !names.includes('<unread>'));
      }
      if (what.length === 0) assert.equal(profile.losses.torn, 0);
      // All of a stack is found at the second reading; some more prove its calls.
      if (what.length === 0)
        assert.ok(profile.losses.retried < 20, `${profile.losses.retried} readings more`);
    },
  );

eachPython('of a stack of 70,000 frames the outermost are cut, which is said', async (python) => {
  const { profile, stacks } = await recordedDeep(python, '70000', 'busy');
  for (const names of stacks.filter((one) => one.at(-1) !== '<unread>')) {
    assert.equal(names[0], '<truncated>');
    const followed = names.filter((name) => name === 'descend').length;
    assert.ok(followed > 65_000 && followed < 65_536, String(followed));
  }
  assert.ok(profile.losses.truncated > 0);
});
