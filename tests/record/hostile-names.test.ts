import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { childrenOf } from '../../src/process/linux-process.js';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';

eachPython('what others chose does not steer the terminal', async (started) => {
  const evil = 'x\x1b]2;OWNED\x07\x1b[2J\x9b31m\u202e';
  const clean = (stderr: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    assert.doesNotMatch(stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.match(stderr, /^pyglass: /m);
  };
  const sleep = spawn('sleep', ['1000'], { argv0: evil, stdio: 'ignore' });
  try {
    for (const command of ['dump', 'record', 'top'])
      clean((await pyglass(command, '-p', String(sleep.pid))).stderr);
  } finally {
    sleep.kill('SIGKILL');
  }
  const words = [...started.command, '-c', 'import time; print("ready", flush=True); time.sleep(1000)', evil];
  const parent = spawn('bash', ['-c', '"$@" & wait', 'bash', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let children: number[] = [];
  try {
    await once(parent.stdout, 'data');
    children = childrenOf(parent.pid!);
    const { stderr } = await pyglass('dump', '-p', String(parent.pid));
    assert.match(stderr, /--pid \d+/);
    clean(stderr);
  } finally {
    parent.kill('SIGKILL');
    for (const child of children) process.kill(child, 'SIGKILL');
  }
  for (const args of [
    ['report', `/nonexistent/${evil}`],
    [evil],
    ['record', `--${evil}`],
    ['record', '-o', `/nonexistent/${evil}`, '--', 'true'],
  ])
    clean((await pyglass(...args)).stderr);
  await withFolder(async (folder) => {
    clean((await pyglass('record', '-o', `${folder}/x.svg`, '--', evil)).stderr);
    assert.deepEqual(readdirSync(folder), []);
  });
});
