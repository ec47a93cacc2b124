import assert from 'node:assert/strict';
import { dumpJson } from '../support/dumps.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

eachPython(
  'line tables of 64 MiB are decoded for half of the functions',
  (python) =>
    withTarget(python, programFile('big_lines.py'), async ({ pid }) => {
      const [process] = await dumpJson(pid);
      const lines = process!.threads[0]!.frames.filter(({ name }) => name === 'f').map(({ line }) => line);
      // Innermost first. Those without a table are shown at their first line.
      assert.deepEqual(lines, [...new Array(8).fill(5), ...new Array(8).fill(3)]);
    }),
  { since: 8, what: 'code.replace()' },
);
