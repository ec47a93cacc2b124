import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MomentMemory } from '../../src/memory/moment-memory.js';
import { CallSites } from '../../src/sampler/evidence/call-sites.js';
import { Sites } from '../../src/sampler/stacks/sites.js';
import { SimulatedPython } from './simulated-python.js';

for (const version of [10, 13] as const) {
  test(`of a code object that is replaced as it is read, nothing of the old one is kept, on 3.${version}`, () => {
    const python = new SimulatedPython(version, {
      main: [1],
      before: ['one'],
      after: ['two'],
      one: [1],
      two: [1],
    });
    const { layout, objects } = python;
    const read = (address: number, length: number) => objects.bytesAt(address, length)?.slice();
    const memory = new MomentMemory({ read, readMany: () => 0 }, { now: 1 });
    const { code, units } = python.functionNamed('before');
    // Its page is of the copy before.
    memory.read(code, 8);
    const size = layout.code.lineTable + 8;
    const rest = Math.max(size, layout.code.instructions + 64);
    objects.put(code, read(python.functionNamed('after').code, rest)!);
    const sites = new Sites();
    const calls = new CallSites(memory, layout, sites);
    const instruction =
      version === 10 ? units[0]! : (code + layout.code.instructions + units[0]! * 2) % 2 ** 32;
    const site = sites.siteAt(code, instruction);
    assert.equal(calls.nameAt(site), calls.names.numberOf('two'));
  });
}
