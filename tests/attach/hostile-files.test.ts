import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeCommandLine } from '../../src/process/linux-process.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';
import { pyglassBy, whyNotWithout, without } from '../support/users.js';

const python = anyPython();

for (const [what, byte] of [
  ['nothing', ''],
  ['characters', 'x'],
] as const) {
  test(`a command line of 400 MB of ${what} ends neither ps nor dump`, () =>
    withTarget(
      python,
      programFile('huge_command_line.py'),
      async ({ pid }) => {
        const listed = await pyglass('ps', '--json');
        assert.equal(listed.status, 0, listed.stderr);
        const rows = JSON.parse(listed.stdout).processes as { pid: number }[];
        assert.ok(rows.some((row) => row.pid === pid));
        const words = wholeCommandLine(pid);
        assert.equal(words.at(-1)!.at(-1), '…');
        assert.ok(words.join(' ').length < 200_000);
        const dumped = await pyglass('dump', '--pid', String(pid));
        assert.equal(dumped.status, 0, dumped.stderr);
        assert.match(dumped.stdout, /<module> \(huge_command_line\.py/);
      },
      { args: ['400000000', byte] },
    ));
}

for (const kind of ['fifo', 'link to a fifo', 'device']) {
  test(`a ${kind} behind a mapping stops neither ps nor dump`, { skip: whyNotWithout }, () =>
    withFolder((folder) =>
      withTarget(
        python,
        programFile('fifo_mapping.py'),
        async ({ pid }) => {
          const by = without('sys_admin', 'checkpoint_restore');
          const listed = JSON.parse(pyglassBy(by, 'ps', '--json').stdout).processes as { pid: number }[];
          assert.ok(listed.some((row) => row.pid === pid));
          const { status, stdout, stderr } = pyglassBy(by, 'dump', '--pid', String(pid));
          assert.equal(status, 0, stderr);
          assert.match(stdout, /<module> \(fifo_mapping\.py/);
        },
        { args: [folder, kind] },
      ),
    ),
  );
}
