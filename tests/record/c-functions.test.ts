import assert from 'node:assert/strict';
import { withPackages } from '../support/packages.js';
import { Pyglass } from '../support/pyglass.js';
import { eachPython, type TestPython } from '../support/pythons.js';
import { parseRaw } from '../support/recordings.js';
import { programFile, type TargetOptions, withTarget } from '../support/targets.js';

/** Records tests/programs/c_functions.py, which says which Python function calls which C function, until it ends. */
async function checkNames(python: TestPython, options: TargetOptions): Promise<void> {
  await withTarget(
    python,
    programFile('c_functions.py'),
    async (target) => {
      const expected: [string, string[]][] = JSON.parse(await target.line());
      const run = new Pyglass(['record', '-i', '-p', String(target.pid), '-f', 'raw', '-o', '-']);
      try {
        await run.said(/Recording/);
        target.say('go');
        const { stdout, stderr } = await run.outcome();
        const stacks = parseRaw(stdout);
        const missing = expected.filter(([caller, names]) => {
          const inCaller = stacks.filter((stack) => stack.names.includes(caller));
          return !names.every((name) =>
            inCaller.some((stack) => stack.names.indexOf(name) > stack.names.indexOf(caller)),
          );
        });
        assert.deepEqual(missing, [], stderr);
        for (const [caller, names] of expected) {
          // Straight below its caller stands what it calls, or something that its preparation calls.
          const widest = stacks
            .filter((stack) => stack.names.includes(caller))
            .sort((a, b) => b.count - a.count)[0]!;
          const below = widest.names.slice(widest.names.indexOf(caller) + 1);
          assert.ok(
            below.length === 0 || names.some((name) => below.includes(name)),
            `${caller}: ${widest.names}`,
          );
        }
      } finally {
        await run.stop();
      }
    },
    options,
  );
}

eachPython('C functions have names', (python) => checkNames(python, {}));

eachPython('functions of numpy and of Cython have names', async (python, context) => {
  let env: NodeJS.ProcessEnv;
  try {
    ({ env } = withPackages(python, ['numpy']));
  } catch (error) {
    context.skip(`numpy cannot be had: ${String(error).split('\n')[0]}`);
    return;
  }
  await checkNames(python, { env, args: ['--numpy'] });
});
