import assert from 'node:assert/strict';
import { LiveSampling, stacksOf } from '../support/live-sampling.js';
import { onPython2 } from '../support/pythons.js';
import { runsOf } from '../support/sampled-process.js';
import { programFile, withTarget } from '../support/targets.js';

onPython2('C functions have names', (python) =>
  withTarget(python, programFile('python2/c_functions.py'), async (target) => {
    const calls: [string, string][] = JSON.parse(await target.line());
    const sampling = new LiveSampling(target.pid);
    try {
      for (const [caller, name] of calls) {
        target.say(caller);
        const seen = new Set<string>();
        const isFound = await sampling.until((profile) => {
          for (const names of stacksOf(profile)) {
            const at = names.indexOf(caller);
            if (at >= 0) for (const below of names.slice(at + 1)) seen.add(below);
          }
          return seen.has(name);
        });
        assert.ok(isFound, `${caller} calls ${name}; seen were ${[...seen]}`);
      }
    } finally {
      sampling.close();
    }
  }),
);

onPython2('samples have the stacks that Python says', (python) =>
  withTarget(python, programFile('python2/stacks.py'), async (target) => {
    const stacks: Record<string, [string, number][]> = JSON.parse(await target.line());
    const expected = Object.values(stacks)
      .map((stack) => stack.map(([name, line]) => `${name}:${line}`).join())
      .sort();
    const sampling = new LiveSampling(target.pid);
    try {
      const seen = new Set<string>();
      const isSeen = await sampling.until((profile) => {
        for (const { stack } of runsOf(profile))
          if (stack.some((frame) => frame.startsWith('__bootstrap:')))
            seen.add(stack.filter((frame) => !frame.endsWith(':0')).join());
        return seen.size >= expected.length;
      });
      assert.ok(isSeen, `${[...seen]}`);
      assert.deepEqual([...seen].sort(), expected);
    } finally {
      sampling.close();
    }
  }),
);
