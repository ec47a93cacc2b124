import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { parseRaw, withFolder } from '../support/recordings.js';
import { Target } from '../support/targets.js';

const waits = `
import threading
def wait_for_ever():
    print('ready', flush=True)
    threading.Event().wait()
wait_for_ever()
`;

/** A recording of a program that waits in a function of its own. */
async function withRecording(act: (file: string, said: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const file = `${folder}/run.pyglass`;
    const target = await Target.start(anyPython(), { code: waits });
    try {
      const { status, stderr } = await pyglass('record', '-p', String(target.pid), '-d', '0.5', '-o', file);
      assert.equal(status, 0, stderr);
      await act(file, stderr);
    } finally {
      await target.stop();
    }
  });
}

test('the end of a recording says where application code spent its time', () =>
  withRecording(async (_, said) => {
    assert.match(said, /\nwait_for_ever: (?:99\.\d+|100)% of the time shown/);
  }));

test('a text summary goes to standard output, or to a file', () =>
  withRecording(async (file) => {
    const printed = await pyglass('report', '--summary', file);
    assert.equal(printed.status, 0, printed.stderr);
    assert.match(printed.stdout, /^\S+python.* -c .*\nRecorded \d{4}-/);
    assert.match(printed.stdout, /\nLines to look at\n +(?:99\.\d+|100)% .*<string>:5 {2}wait_for_ever/);
    const written = await pyglass('report', '--summary', '-o', `${file}.txt`, file);
    assert.equal(written.stdout, '');
    assert.equal(readFileSync(`${file}.txt`, 'utf8'), printed.stdout);
    assert.ok(!existsSync(file.replace('.pyglass', '.summary.txt')));
  }));

test('a script gets the same', () =>
  withRecording(async (file) => {
    const { stdout, status, stderr } = await pyglass('report', '--json', file);
    assert.equal(status, 0, stderr);
    const summary = JSON.parse(stdout);
    assert.equal(summary.version, 1);
    assert.equal(summary.applicationFunctions[0].function, 'wait_for_ever');
    assert.deepEqual([summary.lines[0].file, summary.lines[0].line], ['<string>', 5]);
    assert.ok(summary.applicationFunctions[0].share > 0.98);
    assert.ok(Math.abs(summary.recording.seconds - summary.time.shownSeconds) < 0.1);
  }));

test('what the user says is waiting for work is left out', () =>
  withRecording(async (file) => {
    const args = ['report', file, '-f', 'raw', '-o', '-'];
    const shown = async (...flags: string[]) =>
      parseRaw((await pyglass(...args, ...flags)).stdout).filter(({ names }) =>
        names.includes('wait_for_ever'),
      );
    assert.equal((await shown()).length, 1);
    assert.equal((await shown('--idle-pattern', 'nowhere.py:wait')).length, 1);
    const event = 'threading.py:wait < threading.py:wait < <string>:wait_for_ever';
    assert.equal((await shown('--idle-pattern', 'nowhere.py:wait', '--idle-pattern', event)).length, 0);
    assert.equal((await shown('--idle-pattern', event, '-i')).length, 1);
  }));
