import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

eachPython('CPU time of non-Python threads is counted apart', (python) =>
  withFolder((folder) =>
    withTarget(python, programFile('native_threads.py'), async ({ pid }) => {
      const output = `${folder}/run.pyglass`;
      const stats = `${folder}/stats.json`;
      const { status, stderr } = await pyglass(
        ...['record', '-p', String(pid), '-d', '1.5', '-o', output, '--stats-json', stats],
      );
      assert.equal(status, 0, stderr);
      const { targetCpuSeconds } = JSON.parse(readFileSync(stats, 'utf8'));
      const { otherThreads, time } = JSON.parse((await pyglass('report', output, '--json')).stdout);
      assert.ok(time.cpuSeconds < 0.05, `${time.cpuSeconds} s in Python`);
      // The process's own count has ticks of a hundredth of a second, and clocks are read a moment apart.
      const difference = otherThreads.cpuSeconds - targetCpuSeconds;
      assert.ok(
        Math.abs(difference) < 0.05 + targetCpuSeconds * 0.1,
        `${difference} of ${targetCpuSeconds} s`,
      );
      const named = otherThreads.names.map(({ name }: { name: string | null }) => name);
      assert.deepEqual(named.sort(), [null, 'spinner'].sort());
      const { stdout } = await pyglass('report', output, '--summary');
      assert.match(stdout, /^and [\d.]+ m?s of CPU time in non-Python threads \(spinner\)$/m);
    }),
  ),
);

eachPython('top shows it as well', (python) =>
  withTarget(python, programFile('native_threads.py'), async ({ pid }) => {
    const run = await pyglass('top', '--json', '-d', '1', '-p', String(pid));
    assert.ok(JSON.parse(run.stdout).otherThreads.cpuSeconds > 0, run.stdout);
  }),
);
