import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyPython } from '../support/pythons.js';
import { withRecording } from '../support/recordings.js';
import { shell } from '../support/shell.js';
import { programFile, withTarget } from '../support/targets.js';

const python = anyPython();

for (const command of ['ps', 'ps -j', 'ps -b', 'completions bash', '--help', 'record --help', '--version']) {
  // `ps` prints nothing where there is no Python.
  test(`${command} to a full disk: one clear error`, () =>
    withTarget(python, programFile('busy.py'), async () => {
      const { status, stderr } = await shell(`pyglass ${command} > /dev/full`);
      assert.equal(status, 5, stderr);
      assert.match(stderr, /^pyglass: cannot write standard output: the disk is full\n/);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }));
}

test('top and dump to a full disk: one clear error', () =>
  withTarget(python, programFile('busy.py'), async ({ pid }) => {
    for (const command of ['top --once -d 0.2', 'top --json -d 0.2', 'dump', 'dump -j']) {
      const { status, stderr } = await shell(`pyglass ${command} -p "$1" > /dev/full`, String(pid));
      assert.equal(status, 5, stderr);
      assert.match(stderr, /^pyglass: cannot write standard output: the disk is full\n/m);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  }));

test('a reader that has seen enough is no error', () =>
  withTarget(python, programFile('busy.py'), () =>
    withRecording(async (_, recording) => {
      for (const command of ['ps', 'completions zsh', '--help', 'report "$1" -o -']) {
        const script = `pyglass ${command} | true; exit \${PIPESTATUS[0]}`;
        const { status, stderr } = await shell(script, recording);
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      }
    }),
  ));
