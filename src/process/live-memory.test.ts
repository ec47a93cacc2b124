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
