import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const file = new URL('./short-slices.js', import.meta.url).pathname;
const program = `
const { askForShortSlices } = await import(${JSON.stringify(file)});
const os = await import('node:os');
os.setPriority(3);
process.stdout.write([askForShortSlices(), os.getPriority()].join());
`;

/** Of a process of its own, which may be started in another way. */
const asked = (command: string, ...args: string[]) =>
  execFileSync(command, [...args, process.execPath, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });

test('short slices are granted, and change no priority', () => {
  assert.equal(asked('env'), 'true,3');
});

test('a thread that is scheduled as somebody chose stays so', () => {
  assert.match(asked('chrt', '--batch', '0'), /^false,/);
});
