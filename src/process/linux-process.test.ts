import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { commandLine, wholeCommandLine } from './linux-process.js';

test('secrets of a command line are hidden each time, whatever was done with the answer before', async () => {
  const words = ['sh', '-c', 'read line', 'sh', '--password=hunter2'];
  const program = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(program, 'exit');
  try {
    await once(program, 'spawn');
    const pid = program.pid!;
    assert.deepEqual(wholeCommandLine(pid), words);
    const first = commandLine(pid);
    const shown = [...first];
    assert.ok(!shown.join(' ').includes('hunter2'), shown.join(' '));
    assert.deepEqual(shown.slice(0, 4), words.slice(0, 4));
    first.length = 0;
    assert.deepEqual(commandLine(pid), shown);
  } finally {
    program.kill('SIGKILL');
    await ended;
  }
});
