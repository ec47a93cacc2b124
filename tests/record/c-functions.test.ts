import assert from 'node:assert/strict';
import { LiveSampling, stacksOf } from '../support/live-sampling.js';
import { withPackages } from '../support/packages.js';
import { pyglass } from '../support/pyglass.js';
import { eachPython, everyPython, type TestPython } from '../support/pythons.js';
import { parseRaw } from '../support/recordings.js';
import { programFile, type TargetOptions, withTarget } from '../support/targets.js';

/**
 * Lets tests/programs/c_functions.py call one function after the other, each until its name was seen below its caller.
 */
async function checkNames(python: TestPython, options: TargetOptions): Promise<void> {
  await withTarget(
    python,
    programFile('c_functions.py'),
    async (target) => {
      const calls: [string, string][] = JSON.parse(await target.line());
      const sampling = new LiveSampling(target.pid);
      try {
        for (const [caller, name] of calls) {
          target.say(caller);
          const seen = new Set<string>();
          const found = await sampling.until((profile) => {
            for (const names of stacksOf(profile)) {
              const at = names.indexOf(caller);
              if (at < 0) continue;
              for (const below of names.slice(at + 1)) seen.add(below);
            }
            return seen.has(name);
          });
          assert.ok(found, `${caller} calls ${name}; seen were ${[...seen]}`);
        }
      } finally {
        sampling.close();
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

everyPython('no C function is shown that was not called', (python) =>
  withTarget(python, programFile('traps.py'), async (target) => {
    const called: string[] = JSON.parse(await target.line());
    const { stdout, stderr } = await pyglass(
      ...['record', '-i', '-p', String(target.pid), '-r', '1000000', '-d', '3', '-f', 'raw', '-o', '-'],
    );
    const stacks = parseRaw(stdout);
    const shown = new Set(stacks.flatMap(({ frames }) => frames).filter(isCFunction));
    assert.ok(shown.size > 4, stderr);
    assert.deepEqual(
      [...shown].filter((name) => !called.includes(name)),
      [],
    );
  }),
);

/** A C function has no file. */
function isCFunction(frame: string): boolean {
  return !frame.endsWith(')') && !frame.startsWith('<');
}
