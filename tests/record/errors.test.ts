import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { childrenOf } from '../../src/process/linux-process.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

const cases: readonly { name: string; args: string[]; status: number; says: RegExp }[] = [
  {
    name: 'a flag misspelt',
    args: ['record', '--frmat', 'raw'],
    status: 2,
    says: /^pyglass: unknown option '--frmat' \(did you mean --format\?\)\n$/i,
  },
  {
    name: 'a command misspelt',
    args: ['recrod'],
    status: 2,
    says: /unknown command "recrod" \(did you mean record\?\)\n$/,
  },
  {
    name: 'a format misspelt',
    args: ['record', '-f', 'speedscop', '-p', '1'],
    status: 2,
    says: /Did you mean speedscope\?\n$/,
  },
  { name: 'no target', args: ['record'], status: 2, says: /--pid PID/ },
  { name: 'a pid without --pid', args: ['record', '123'], status: 2, says: /did you mean --pid 123\?/ },
  {
    name: 'a pid and a program',
    args: ['record', '-p', '1', '--', 'true'],
    status: 2,
    says: /cannot be combined/,
  },
  { name: 'a pid that is no number', args: ['record', '-p', 'flask'], status: 2, says: /whole number/ },
  { name: 'a rate of nothing', args: ['record', '-r', '0', '-p', '1'], status: 2, says: /up to 1000000/ },
  {
    name: 'an idle pattern that is none',
    args: ['record', '--idle-pattern', 'queue.py', '-p', '1'],
    status: 2,
    says: /'--idle-pattern <pattern>' argument 'queue\.py' is invalid\. frames, innermost first, such as 'queue\.py:get < worker\.py:run'/,
  },
  {
    name: 'a summary of one mode',
    args: ['report', '--summary', '--mode', 'cpu', 'x.pyglass'],
    status: 2,
    says: /'--summary' cannot be used with option '--mode <mode>'/,
  },
  { name: 'a duration below nothing', args: ['record', '-d', '-1', '-p', '1'], status: 2, says: /seconds/ },
  { name: 'a pid that is nobody', args: ['record', '-p', '4194305'], status: 3, says: /no process 4194305/ },
  {
    name: 'a program that is not there',
    args: ['record', '--', 'no-such-program'],
    status: 127,
    says: /no such program/,
  },
  {
    name: 'a recording that is not there',
    args: ['report', '/nonexistent.pyglass'],
    status: 6,
    says: /no such file/,
  },
  {
    name: 'a recording that is none',
    args: ['report', '/proc/self/status', '-o', '-'],
    status: 6,
    says: /not a pyglass recording/,
  },
];
for (const { name, args, status, says } of cases) {
  test(`${name}: one clear error`, () =>
    withFolder(async () => {
      const outcome = await pyglass(...args);
      assert.equal(outcome.status, status, outcome.stderr);
      assert.match(outcome.stderr, says);
      assert.equal(outcome.stdout, '');
      assert.doesNotMatch(outcome.stderr, /\n\s+at |Error:/);
    }));
}

test('an output that cannot be written is said before anything is recorded', () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
    const { status, stderr } = await pyglass('record', '-p', String(pid), '-o', '/nonexistent/x.svg');
    assert.equal(status, 5);
    assert.doesNotMatch(stderr, /Recording/);
    assert.match(stderr, /cannot write \/nonexistent\/x\.svg/);
  }));

test('a process that is not Python is refused, and costs no file', () =>
  withFolder(async (folder) => {
    const { status, stderr } = await pyglass('record', '-p', String(process.pid), '-o', `${folder}/x.svg`);
    assert.equal(status, 3);
    assert.match(stderr, /is not Python/);
    assert.ok(!existsSync(`${folder}/x.svg`));
  }));

test('a shell that started a Python says which one it is', () =>
  withFolder(async (folder) => {
    const python = anyPython();
    const script = `${folder}/run.sh`;
    writeFileSync(script, `${python.command.join(' ')} ${python.place(programFile('busy.py'))}\nexit 0\n`);
    const shell = spawn('sh', [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let children: number[] = [];
    try {
      await once(shell.stdout, 'data');
      children = childrenOf(shell.pid!);
      const refused = await pyglass('record', '-p', String(shell.pid), '-o', `${folder}/x.svg`);
      assert.equal(refused.status, 3);
      assert.match(refused.stderr, new RegExp(`--pid ${children[0]} `));
      const followed = await pyglass(
        'record',
        '-s',
        '-p',
        String(shell.pid),
        '-d',
        '0.5',
        '-o',
        '-',
        '-f',
        'raw',
      );
      assert.equal(followed.status, 0, followed.stderr);
      assert.match(followed.stdout, /wait \(busy\.py:\d+\)/);
    } finally {
      shell.kill('SIGKILL');
      for (const child of children) process.kill(child, 'SIGKILL');
    }
  }));
