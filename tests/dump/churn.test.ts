import assert from 'node:assert/strict';
import { attach } from '../../src/sampler/attach.js';
import { takeSnapshot } from '../../src/sampler/snapshot.js';
import { eachPython } from '../support/pythons.js';
import { withTarget } from '../support/targets.js';

const program = new URL('../../../tests/accuracy/programs/churn.py', import.meta.url).pathname;

/**
 * A program whose functions are made, run for a millisecond and dropped: `step_1` calls `inner_1`, then `step_2` calls
 * `inner_2`, …
 */
eachPython(
  'a dump has the names of the code that ran, while code comes and goes',
  (python) =>
    withTarget(
      python,
      program,
      async ({ pid }) => {
        const attached = attach(pid);
        try {
          let newest = 0;
          let seen = 0;
          for (let dump = 0; dump < 60; dump++) {
            const { threads } = takeSnapshot(pid, attached, {});
            for (const { frames, moving } of threads) {
              const numbers = frames.flatMap(({ name }) => /^(?:step|inner)_(\d+)$/.exec(name)?.[1] ?? []);
              // One that changed while it was read says so.
              if (numbers.length === 0 || moving) continue;
              seen++;
              assert.equal(new Set(numbers).size, 1, numbers.join(' '));
              assert.ok(Number(numbers[0]) >= newest, `${numbers[0]} after ${newest}`);
              newest = Number(numbers[0]);
            }
          }
          assert.ok(seen > 0);
        } finally {
          attached.live.close();
        }
      },
      { args: ['renamed', '0.001'] },
    ),
  { since: 8, what: 'code.replace()' },
);
