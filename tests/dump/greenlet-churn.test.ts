import assert from 'node:assert/strict';
import { attach } from '../../src/sampler/attach.js';
import { takeSnapshot } from '../../src/sampler/snapshot.js';
import { withPackages } from '../support/packages.js';
import { eachFreeThreadedPython, eachPython, type TestPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const looks = 8;
/** A stack that the program has, innermost first. */
const possible = /^(?:(?:leaf_(\d+) )?(?:inner_(\d+) )*outer_(\d+)|lambda_\d+ outer_\d+|stays_\d+|<module>)$/;

const noFrameOfAnother = (python: TestPython) => {
  const { env } = withPackages(python, ['greenlet']);
  return withTarget(
    python,
    programFile('greenlet_churn.py'),
    async ({ pid }) => {
      const attached = attach(pid);
      try {
        const seen = new Set<string>();
        for (let look = 0; look < looks; look++) {
          const { greenlets } = takeSnapshot(pid, attached, {});
          const stacks = greenlets!.greenlets
            .filter(({ state }) => state === 'waiting')
            .map(({ frames }) => frames.filter(({ kind }) => kind === 'python').map(({ name }) => name));
          for (const names of stacks) {
            const stack = names.join(' ');
            assert.match(stack, possible);
            const numbers = new Set(stack.match(/\d+/g));
            assert.ok(numbers.size <= 1, stack);
            seen.add(stack);
          }
          const staying = stacks.filter(([name]) => name?.startsWith('stays_'));
          assert.equal(new Set(staying.map(([name]) => name)).size, 20, 'those that stay are always there');
        }
        assert.ok(seen.size > 24, [...seen].join('\n'));
      } finally {
        attached.live.close();
      }
    },
    { env },
  );
};

const name = 'no greenlet of thousands a second has a frame of another';
eachPython(name, noFrameOfAnother, { since: 8, what: 'greenlets that are tried' });
eachFreeThreadedPython(name, noFrameOfAnother, {
  since: 14,
  what: 'greenlets that can be made by thousands: it crashes',
});
