import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappedImages } from './linux-process.js';
import { ProcMem } from './proc-mem.js';
import { ScatterMemory } from './scatter-memory.js';

test('what is no address or no length cannot be read, and what is can', () => {
  const somewhere = mappedImages(process.pid)[0]!.mappings[0]!.start;
  const proc = new ProcMem(process.pid);
  try {
    for (const memory of [new ScatterMemory(process.pid), proc]) {
      assert.equal(memory.read(somewhere, 8)?.length, 8);
      assert.equal(memory.read(somewhere, Number.NaN), undefined);
      assert.equal(memory.read(somewhere, -1), undefined);
      assert.equal(memory.read(Number.NaN, 8), undefined);
      assert.equal(memory.read(-8, 8), undefined);
    }
  } finally {
    proc.close();
  }
});

test('bytes that are there are filled with what lies at an address, and only where all of it can be read', () => {
  const { start } = mappedImages(process.pid)[0]!.mappings[0]!;
  const memory = new ScatterMemory(process.pid);
  const bytes = new Uint8Array(4096);
  for (const address of [start + 4096, start]) {
    assert.equal(memory.readInto(address, bytes), true);
    assert.deepEqual(bytes, memory.read(address, 4096));
  }
  for (const address of [8, -4096, Number.NaN]) assert.equal(memory.readInto(address, bytes), false);
});
