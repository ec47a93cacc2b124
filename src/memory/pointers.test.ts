import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { isPointer, readPointer } from './pointers.js';

test('addresses are those of user space, on aarch64 up to 2^48', () => {
  for (const address of [4096, 0x5555_5555_4000, 0x7fff_ffff_f000, 0xaaaa_aaaa_0000, 0xffff_ffff_f000])
    assert.ok(isPointer(address), address.toString(16));
  for (const other of [0, 4095, 2 ** 48, 0xffff_8000_0000_0000, Number.NaN, -8])
    assert.ok(!isPointer(other), String(other));
});

test('what has no room in a double is no pointer', () => {
  const memory = new FakeMemory();
  memory.put(4096, Uint8Array.of(0, 0x40, 0xaa, 0xaa, 0xaa, 0xaa, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0));
  assert.equal(readPointer(memory, 4096), 0xaaaa_aaaa_4000);
  assert.ok(Number.isNaN(readPointer(memory, 4104)));
  assert.ok(Number.isNaN(readPointer(memory, 8192)));
});
