import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProcesses, type SeenProcess, unknownState } from './describe-processes.js';

const usage = { state: 'S', uid: 0, threads: 1, residentBytes: 1, uptimeSeconds: 1, cpuSeconds: 1 };

function seen(pid: number, above: number | undefined, command: string, ...marks: string[]): SeenProcess {
  const words = command.split(' ');
  return {
    ...{ pid, above, command: words, executable: '/usr/bin/python3', user: 'ada' },
    usage: { ...usage, parentPid: above ?? 1 },
    facts: { words, isInterpreter: true, marks },
  };
}

function words(...processes: SeenProcess[]): string[] {
  return describeProcesses(processes, () => unknownState).map(
    ({ pid, program }) => `${pid} ${program.words}`,
  );
}

test('a process is described with its parent, whichever was seen first', () => {
  const gunicorn = 'python3 /usr/bin/gunicorn app:app';
  assert.deepEqual(words(seen(3, 2, gunicorn), seen(2, undefined, gunicorn)), [
    '2 gunicorn arbiter: app:app',
    '3 gunicorn worker: app:app',
  ]);
});

test('a process is described with its children', () => {
  const flask = 'python3 app.py';
  assert.deepEqual(words(seen(2, undefined, flask), seen(3, 2, flask, 'WERKZEUG_RUN_MAIN=true')), [
    '2 Flask reloader: app.py',
    '3 Flask, serving: app.py',
  ]);
});

test('what is known of each is said of it', () => {
  const processes = [seen(2, undefined, 'python3 a.py'), seen(3, 2, 'python3 b.py')];
  const listed = describeProcesses(processes, ({ pid }) => ({ ...unknownState, version: `3.${pid}` }));
  assert.deepEqual(
    listed.map(({ pid, above, version, user, parentPid, command }) => [
      pid,
      above,
      version,
      user,
      parentPid,
      command,
    ]),
    [
      [2, undefined, '3.2', 'ada', 1, ['python3', 'a.py']],
      [3, 2, '3.3', 'ada', 2, ['python3', 'b.py']],
    ],
  );
});
