import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** 64 MiB at a multiple of that, the rest of which is not to be used yet. */
const arena = /^[0-9a-f]+[048c]000000-([0-9a-f]+) rw-p .*\n\1-[0-9a-f]+[048c]000000 ---p/gm;
/** Starts three threads, and says how many arenas of glibc there were before and after them. */
const program = `
  import { readFileSync } from 'node:fs';
  import { Worker } from 'node:worker_threads';
  import { useLittleMemory } from '${new URL('./little-memory.js', import.meta.url)}';
  const arenas = () => readFileSync('/proc/self/maps', 'latin1').match(${arena})?.length ?? 0;
  if (process.argv[1] === 'little') useLittleMemory();
  const before = arenas();
  const work = new URL("data:text/javascript,import { parentPort } from 'worker_threads'; parentPort.postMessage(parentPort.ref())");
  for (let count = 0; count < 3; count++)
    await new Promise((resolve) => new Worker(work).once('message', resolve));
  console.log(arenas() - before);
  process.exit();
`;

function run(how: string) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, how]);
  return { arenas: Number(stdout), error: String(stderr) };
}

test('threads that are made later share what they keep, and this engine knows all that it is asked for', () => {
  assert.deepEqual(run('little'), { arenas: 0, error: '' });
  assert.ok(run('usual').arenas > 0);
});
