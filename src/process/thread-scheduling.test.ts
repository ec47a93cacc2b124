import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const file = new URL('./thread-scheduling.js', import.meta.url).pathname;

/** What a process of its own prints, which may be started in another way. */
function printed(body: string, ...command: string[]): string {
  const program = `
    const { askForShortSlices, goFirst } = await import(${JSON.stringify(file)});
    const os = await import('node:os');
    ${body}`;
  const [name, ...args] = [...command, process.execPath, '--input-type=module', '-e', program];
  return execFileSync(name!, args, { encoding: 'utf8' });
}

test('short slices are granted, and change no priority', () => {
  const body = 'os.setPriority(3); process.stdout.write([askForShortSlices(), os.getPriority()].join());';
  assert.equal(printed(body), 'true,3');
});

test('a thread that is scheduled as somebody chose stays so', () => {
  const body = 'process.stdout.write([askForShortSlices(), goFirst(true)].join());';
  assert.equal(printed(body, 'chrt', '--batch', '0'), 'false,false');
  const niced = 'process.stdout.write([goFirst(true), goFirst(false), os.getPriority()].join());';
  assert.match(printed(niced, 'nice', '-n', '3'), /^false,false,[1-9]/);
});

test('a thread goes first where that is allowed, and no longer when it is told so', () => {
  const body = `
    let may = true;
    try { os.setPriority(-1); os.setPriority(0); } catch { may = false; }
    const said = [goFirst(true), os.getPriority(), goFirst(true), goFirst(false), os.getPriority()];
    process.stdout.write([may, ...said].join());`;
  assert.match(printed(body), /^(?:true,true,-10,false,true,0|false,false,(\d+),false,false,\1)$/);
});
