import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Asks for its own memory over and over; prints how often that was answered. */
const program = `
  import koffi from 'koffi';
  import { probeScatterRead } from '${new URL('./scatter-memory.js', import.meta.url)}';
  const there = new Uint8Array(64);
  const address = Number(koffi.address(there));
  let answered = 0;
  for (let count = 0; count < 100_000; count++) if (probeScatterRead(process.pid, address) === 'ok') answered++;
  console.log(answered + there.at(0));
`;

test('the kernel writes to no memory that was freed, however often garbage is collected', () => {
  const words = ['--gc-interval=1', '--input-type=module', '-e', program];
  const cwd = new URL('../../..', import.meta.url);
  // What was freed is found to be another by chance, in about every second run.
  for (let run = 0; run < 4; run++) {
    const { stdout, stderr, signal } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd });
    assert.deepEqual([signal, stdout, stderr], [null, '100000\n', '']);
  }
});
