import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { functionName } from '../../src/analysis/labels.js';
import { isStateKnown } from '../../src/analysis/run-states.js';
import { readRecording } from '../../src/disk/read-recording.js';
import { cpuShareOf, emptyStack, type Profile, RunFlag } from '../../src/model/profile.js';
import { type Outcome, pyglass, pyglassWithFiles } from '../support/pyglass.js';
import { eachPython, everyPython, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

/** What a recording of tests/programs/states.py says; `cpuSeconds` is the kernel's count for the whole process. */
async function recorded(
  python: TestPython,
  kind: string,
  check: (profile: Profile, cpuSeconds: number) => void,
  run: (...args: string[]) => Promise<Outcome> = pyglass,
): Promise<void> {
  await withFolder((folder) =>
    withTarget(
      python,
      programFile('states.py'),
      async ({ pid }) => {
        const output = `${folder}/run.pyglass`;
        const { status, stderr } = await run(
          ...['record', '-p', String(pid), '-d', '2', '-o', output, '--stats-json', `${folder}/stats.json`],
        );
        assert.equal(status, 0, stderr);
        const { targetCpuSeconds } = JSON.parse(readFileSync(`${folder}/stats.json`, 'utf8'));
        check(readRecording(output), targetCpuSeconds);
      },
      { args: [kind] },
    ),
  );
}

/** Microseconds of the runs that have `name` on the stack, weighed by their flags and their place in the recording. */
function time(profile: Profile, name: string, weigh: (flags: number, run: number) => number): number {
  const { runs, stacks, frames, functions } = profile;
  let sum = 0;
  for (let run = 0; run < runs.stack.length; run++) {
    let has = false;
    for (let at = runs.stack.at(run); at !== emptyStack && !has; at = stacks.parent.at(at))
      has = functionName(functions[frames.function.at(stacks.frame.at(at))]!) === name;
    if (has) sum += runs.duration.at(run) * weigh(runs.flags.at(run), run);
  }
  return sum;
}

const all = () => 1;
const having = (flag: number) => (flags: number) => ((flags & flag) === 0 ? 0 : 1);
const wokeAndWaits = (flags: number) => having(RunFlag.woke)(flags) * having(RunFlag.waiting)(flags);

eachPython('CPU time is of what ran, also where few samples are taken', (python) =>
  recorded(
    python,
    'mostly',
    (profile) => {
      // What was kept for a sample that did not come is in the last one; thread-activity.test.ts is about that.
      const last = profile.runs.stack.length - 1;
      const waiting = (flags: number, run: number) =>
        run < last && (flags & RunFlag.waiting) !== 0 ? cpuShareOf(flags) : 0;
      const [waited, used] = [waiting, cpuShareOf].map((weigh) => time(profile, 'mostly', weigh));
      // No more is kept than for four samples. So many in a row that all see it wait are rare where it mostly runs.
      assert.ok(used! > 0 && waited! < used! / 20, `${waited} of ${used} µs while it waited`);
    },
    (...args) => pyglass(...args, '-r', '50'),
  ),
);

everyPython('CPU time is what the kernel counts', (python) =>
  recorded(python, 'partly', (profile, cpuSeconds) => {
    const difference = time(profile, 'partly', cpuShareOf) / 1e6 - cpuSeconds;
    // The kernel gives it in hundredths of a second, at both ends.
    assert.ok(Math.abs(difference) < 0.02 + profile.duration / 1e8, `${difference} s of ${cpuSeconds} s`);
  }),
);

for (const [name, files] of [
  ['', 4096],
  [', with few open files', 100],
] as const)
  everyPython(`CPU time is what the kernel counts in a crowd of threads${name}`, (python) =>
    recorded(
      python,
      'crowd',
      (profile, cpuSeconds) => {
        const difference = time(profile, 'crowd', cpuShareOf) / 1e6 - cpuSeconds;
        assert.ok(Math.abs(difference) < 0.02 + profile.duration / 1e8, `${difference} s of ${cpuSeconds} s`);
        // The last moments of threads may be unknown, not more.
        const unknown = time(profile, 'sleeping', (flags) => (isStateKnown(flags) ? 0 : 1));
        assert.ok(unknown < 0.01 * time(profile, 'sleeping', all), `${unknown} µs`);
        assert.equal(time(profile, 'sleeping', cpuShareOf), 0);
      },
      (...args) => pyglassWithFiles(files, ...args),
    ),
  );

eachPython('CPU time after a fork in C is what the kernel counts', (python) =>
  withFolder((folder) =>
    withTarget(
      python,
      programFile('c_fork.py'),
      async (target) => {
        const pid = await target.line();
        const output = `${folder}/run.pyglass`;
        const stats = `${folder}/stats.json`;
        const { status, stderr } = await pyglass(
          ...['record', '-p', pid, '-d', '2', '-o', output, '--stats-json', stats],
        );
        assert.equal(status, 0, stderr);
        const profile = readRecording(output);
        assert.deepEqual(
          profile.threads.map(({ threadId }) => threadId),
          [Number(pid)],
        );
        const cpu = time(profile, 'in_child', cpuShareOf) / 1e6;
        const { targetCpuSeconds } = JSON.parse(readFileSync(stats, 'utf8'));
        assert.ok(Math.abs(cpu - targetCpuSeconds) < 0.02 + profile.duration / 1e8, `${cpu} s`);
      },
      { args: ['thread'] },
    ),
  ),
);

everyPython('sleepers wait and use no CPU', (python) =>
  recorded(python, 'sleepers', (profile) => {
    const whole = time(profile, 'sleeping', all);
    assert.ok(whole > 4 * profile.duration);
    assert.equal(time(profile, 'sleeping', cpuShareOf), 0);
    assert.equal(time(profile, 'sleeping', having(RunFlag.waiting)), whole);
    assert.equal(time(profile, 'sleeping', having(RunFlag.woke)), 0);
    assert.equal(time(profile, 'working', having(RunFlag.waitsForGil)), 0);
  }),
);

everyPython('waits that follow on each other are told apart', (python) =>
  recorded(
    python,
    'naps',
    (profile) => {
      const { flags } = profile.runs;
      const woke = time(profile, 'naps', having(RunFlag.woke));
      // Where it was woken and has no processor yet it does not wait.
      const waitedBefore = (run: number) => run > 0 && (flags.at(run - 1) & RunFlag.waiting) !== 0;
      const again = time(profile, 'naps', (own, run) =>
        waitedBefore(run) ? having(RunFlag.waiting)(own) : 0,
      );
      assert.ok(again > 0 && woke > 0.8 * again, `it woke in ${woke} of ${again} µs`);
      assert.equal(woke, time(profile, 'naps', wokeAndWaits));
    },
    (...args) => pyglass(...args, '-r', '100'),
  ),
);

everyPython('of two threads that fight for the GIL one waits', (python) =>
  recorded(python, 'fight', (profile) => {
    const part = (weigh: (flags: number) => number) => time(profile, 'working', weigh) / profile.duration;
    const waits = part(having(RunFlag.waitsForGil));
    const holds = part(having(RunFlag.holdsGil));
    // The one that gave the GIL away may be without a CPU before it can wait, on a busy machine.
    const ready = part((flags) => {
      const others = RunFlag.holdsGil | RunFlag.waitsForGil;
      return (flags & RunFlag.running) !== 0 && (flags & others) === 0 ? 1 : 0;
    });
    const figures = `${waits} wait, ${ready} are ready, ${holds} hold`;
    // Python 2 gives the GIL away every hundred instructions: who wants it is ready nearly always, and until it is
    // taken nobody holds it, a sixth of the time on two processors.
    const [leastHeld, mostWanted] = python.minor < 0 ? [0.7, 1.3] : [0.9, 1.1];
    assert.ok(waits + ready > 0.9 && waits + ready < mostWanted, figures);
    assert.ok(Math.abs(waits + ready + holds - 2) < 0.2, figures);
    if (python.minor >= 0) assert.ok(waits > ready, figures);
    assert.ok(holds > leastHeld && holds < 1.01, figures);
  }),
);

everyPython('the collector is seen', (python) =>
  recorded(python, 'collect', (profile) => {
    const share = time(profile, 'gc.collect', having(RunFlag.collecting)) / time(profile, 'gc.collect', all);
    assert.ok(share > 0.9, `${share}`);
  }),
);
