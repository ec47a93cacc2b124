import assert from 'node:assert/strict';
import type { SummaryReport } from '../../src/index.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

/** Of the steps, and of their time: what began before the first sample of it and ended after the last is not seen. */
const tolerance = 0.15;
/** That a step of the program sleeps. */
const stepSeconds = 0.12;

const isSeen = (python: TestPython) =>
  withFolder((folder) =>
    withTarget(
      python,
      programFile('blocked_loop.py'),
      async (target) => {
        const file = `${folder}/run.pyglass`;
        const recording = new Pyglass(['record', '-p', String(target.pid), '-o', file]);
        try {
          await recording.said(/Recording/);
          target.say('go');
          const times: StepTimes = JSON.parse(await target.line());
          recording.child.kill('SIGINT');
          assert.equal((await recording.outcome()).status, 0);
          const { status, stdout, stderr } = await pyglass('report', file, '-f', 'summary-json', '-o', '-');
          assert.equal(status, 0, stderr);
          checkBlocked(JSON.parse(stdout), times);
          const over = await pyglass('report', file, '--summary', '--loop-blocked', '1s', '-o', '-');
          assert.doesNotMatch(over.stdout, /loop was blocked/);
        } finally {
          await recording.stop();
        }
      },
      { args: ['blocking', 'many'] },
    ),
  );

/** Seconds of the steps that block, and of short ones that were kept from the processor. */
type StepTimes = readonly [took: readonly number[], delayed: readonly number[]];

/** What the sampler was not there to see, most of it at the beginning on a busy machine, it cannot tell. */
function checkBlocked({ blockedLoops, recording }: SummaryReport, [took, delayed]: StepTimes): void {
  const sum = (times: readonly number[]) => times.reduce((total, seconds) => total + seconds, 0);
  const [whole, others] = [sum(took), sum(delayed)];
  const { steps, seconds, longestSeconds, functions } = blockedLoops;
  const unseen = recording.missed / recording.rate;
  const text = `${steps} steps of ${seconds} s, ${unseen} s not seen: ${took} and ${delayed}`;
  assert.ok(took.length > 6, text);
  assert.ok(steps > 0 && steps <= took.length + delayed.length, text);
  assert.ok(steps >= took.length - 1 - Math.ceil(unseen / stepSeconds), text);
  assert.ok(seconds <= (whole + others) * 1.02, text);
  assert.ok(seconds >= whole * (1 - tolerance) - stepSeconds - unseen, text);
  assert.ok(longestSeconds <= Math.max(...took, ...delayed) * 1.02, text);
  const shown = functions.map((fn) => `${fn.function} in ${fn.in}`);
  assert.equal(shown[0], 'blocking in time.sleep');
  if (delayed.length === 0) assert.equal(shown.length, 1, String(shown));
}

eachPython('steps that block an event loop are found, and many short ones are none', isSeen);
eachFreeThreadedPython('steps that block an event loop are found, and many short ones are none', isSeen);
