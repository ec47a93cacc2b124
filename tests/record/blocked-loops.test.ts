import assert from 'node:assert/strict';
import type { SummaryReport } from '../../src/index.js';
import { Pyglass, pyglass } from '../support/pyglass.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

/** Of the steps, and of their time: what began before the first sample of it and ended after the last is not seen. */
const tolerance = 0.15;

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
          const took: number[] = JSON.parse(await target.line());
          recording.child.kill('SIGINT');
          assert.equal((await recording.outcome()).status, 0);
          const { status, stdout, stderr } = await pyglass('report', file, '-f', 'summary-json', '-o', '-');
          assert.equal(status, 0, stderr);
          checkBlocked(JSON.parse(stdout), took);
          const over = await pyglass('report', file, '--summary', '--loop-blocked', '1s', '-o', '-');
          assert.doesNotMatch(over.stdout, /loop was blocked/);
        } finally {
          await recording.stop();
        }
      },
      { args: ['blocking', 'many'] },
    ),
  );

function checkBlocked({ blockedLoops }: SummaryReport, took: readonly number[]): void {
  const whole = took.reduce((sum, seconds) => sum + seconds, 0);
  const { steps, seconds, longestSeconds, functions } = blockedLoops;
  assert.ok(took.length > 3);
  assert.ok(steps <= took.length && steps >= took.length - 1, `${steps} of ${took.length}`);
  assert.ok(seconds <= whole * 1.02 && seconds >= whole * (1 - tolerance) - 0.12, `${seconds} of ${whole}`);
  assert.ok(longestSeconds <= Math.max(...took) * 1.02, `${longestSeconds} of ${Math.max(...took)}`);
  assert.deepEqual(
    functions.map((fn) => [fn.function, fn.in]),
    [['blocking', 'time.sleep']],
  );
}

eachPython('steps that block an event loop are found, and many short ones are none', isSeen);
eachFreeThreadedPython('steps that block an event loop are found, and many short ones are none', isSeen);
