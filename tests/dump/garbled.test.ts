import assert from 'node:assert/strict';
import { dumpText } from '../../src/formats/dump/dump-text.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { attach } from '../../src/sampler/attach.js';
import { takeSnapshot } from '../../src/sampler/snapshot.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

/** The same memory, in which about one read in `every` has a byte that is wrong; the same ones for the same seed. */
function garbled(memory: TargetMemory, seed: number, every: number): TargetMemory {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const garble = (bytes: Uint8Array | undefined) => {
    if (!bytes || bytes.length === 0 || random(every) !== 0) return bytes;
    const wrong = bytes.slice();
    wrong[random(wrong.length)] = random(256);
    return wrong;
  };
  return {
    read: (address, length) => garble(memory.read(address, length)),
    readMany: (plan, into) => memory.readMany(plan, into),
  };
}

const variables = { depth: 5, items: 40, text: 400, characters: 400 };

eachPython('memory that changes under the reader gives a dump all the same', (python) =>
  withTarget(python, programFile('values.py'), async ({ pid }) => {
    const attached = attach(pid);
    try {
      const { location, live } = attached;
      const snapshotOf = (memory: TargetMemory) =>
        takeSnapshot(pid, { location, live: { ...live, memory } }, { variables });
      const lines = (memory: TargetMemory) =>
        [...dumpText([snapshotOf(memory)], { fullFileNames: false, valueLength: 240 })].length;
      const whole = lines(live.memory);
      assert.ok(whole > 130);
      let changed = 0;
      for (let seed = 1; seed <= 60; seed++)
        if (lines(garbled(live.memory, seed, 1 + (seed % 20))) !== whole) changed++;
      assert.ok(changed > 0);
    } finally {
      attached.live.close();
    }
  }),
);
