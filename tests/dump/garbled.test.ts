import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpText } from '../../src/formats/dump/dump-text.js';
import type { TargetMemory } from '../../src/memory/target-memory.js';
import { attach } from '../../src/sampler/attach.js';
import { takeSnapshot } from '../../src/sampler/snapshot.js';
import { type PythonWithPackages, withPackages } from '../support/packages.js';
import { anyPython, eachPython } from '../support/pythons.js';
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

for (const [program, kinds, least, needs] of [
  ['values.py', 'values', 130, { since: 7, what: 'dataclasses' }],
  ['buffers.py', 'buffers', 35, undefined],
] as const)
  eachPython(
    `memory that changes under the reader gives a dump all the same, of ${kinds}`,
    (python) => withTarget(python, programFile(program), ({ pid }) => dumpGarbled(pid, least)),
    needs,
  );

for (const [packages, program, least] of [
  ['numpy', 'arrays.py', 80],
  ['pandas', 'frames.py', 40],
] as const)
  test(`memory that changes under the reader gives a dump all the same, of ${packages}`, async (context) => {
    let given: PythonWithPackages;
    try {
      given = withPackages(anyPython(), [packages]);
    } catch (error) {
      context.skip(`${packages} could not be installed: ${String((error as Error).message).split('\n')[0]}`);
      return;
    }
    const act = ({ pid }: { pid: number }) => dumpGarbled(pid, least);
    await withTarget(given.python, programFile(program), act, { env: given.env });
  });

/**
 * Writes down what a process holds, read from memory with errors, which gives other lines than without; `least` is how
 * many there are at least.
 */
async function dumpGarbled(pid: number, least: number): Promise<void> {
  const attached = attach(pid);
  try {
    const { location, live } = attached;
    const snapshotOf = (memory: TargetMemory) =>
      takeSnapshot(pid, { location, live: { ...live, memory } }, { variables });
    const lines = (memory: TargetMemory) => [
      ...dumpText([snapshotOf(memory)], { fullFileNames: false, valueLength: 240 }),
    ];
    const whole = lines(live.memory);
    assert.ok(whole.length > least, String(whole.length));
    let changed = 0;
    for (let seed = 1; seed <= 60; seed++)
      if (lines(garbled(live.memory, seed, 1 + (seed % 20))).join('\n') !== whole.join('\n')) changed++;
    assert.ok(changed > 0);
  } finally {
    attached.live.close();
  }
}
