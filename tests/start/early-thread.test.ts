import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { main } from '../support/command.js';

/** The thread that samples is started before these turn out to be wrong. */
for (const [words, status, message] of [
  [['record', '-p', '1', '-r', 'much'], 2, /^pyglass: option '-r, --rate <rate>'/],
  [['top', '-p', '1', 'more'], 2, /^pyglass: --pid and a program/],
  [['record', '-p', `${(1 << 22) + 1}`, '-o', '/dev/null/x.svg'], undefined, /^pyglass: .*\/dev\/null/],
] as const)
  test(`a mistake ends the command, whatever was started: ${words.join(' ')}`, () => {
    const args = [main, ...words];
    const run = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    assert.equal(run.signal, null);
    if (status === undefined) assert.notEqual(run.status, 0);
    else assert.equal(run.status, status);
    assert.match(run.stderr, message);
    assert.equal(run.stdout, '');
  });
