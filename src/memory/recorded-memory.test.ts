import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from './fake-memory.js';
import { RecordedMemory } from './recorded-memory.js';

const object = 0x10_0000;

function objectOf(count: number, type: number, field: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(count), BigInt(type), BigInt(field)]).buffer);
}

/** Memory in which an object was read as a whole and its field by itself, when its field was this. */
function readWith(field: number): RecordedMemory {
  const behind = new FakeMemory();
  behind.put(object, objectOf(1, 0x2000, field));
  const memory = new RecordedMemory(behind);
  memory.read(object, 24);
  memory.read(object + 16, 8);
  return memory;
}

test('what was read of an object agrees with it while it is the same, whatever counts its references', () => {
  assert.ok(readWith(0x3000).agreesWith(object, objectOf(7, 0x2000, 0x3000), 8));
});

test('what was read of another object at the same address does not agree', () => {
  assert.ok(!readWith(0x3000).agreesWith(object, objectOf(1, 0x2000, 0x4000), 8));
  assert.ok(!readWith(0x3000).agreesWith(object, objectOf(1, 0x2008, 0x3000), 8));
});

test('what was read elsewhere says nothing of it', () => {
  assert.ok(readWith(0x3000).agreesWith(object + 0x1000, objectOf(1, 0x2008, 0x5000), 8));
});
