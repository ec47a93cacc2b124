import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteReader } from '../../bytes/byte-reader.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { readRegisters, statusSize, waitedWith } from './core-registers.js';

const code = 0xffff_8000_1000;
/** `mov x8, 98`; `svc 0`; `ret`. */
const instructions = Uint32Array.of(0xd280_0c48, 0xd400_0001, 0xd65f_03c0);
const memory = new FakeMemory();
memory.put(code, new Uint8Array(instructions.buffer));

/** NT_PRSTATUS with these registers, by their index. */
function status(machine: 'x86-64' | 'aarch64', registers: Readonly<Record<number, number>>): ByteReader {
  const bytes = new Uint8Array(statusSize(machine));
  for (const [index, value] of Object.entries(registers))
    new DataView(bytes.buffer).setBigInt64(112 + Number(index) * 8, BigInt(value), true);
  return new ByteReader(bytes);
}

const waits = (machine: 'x86-64' | 'aarch64', registers: Readonly<Record<number, number>>) =>
  waitedWith(readRegisters(status(machine, registers), machine), machine, memory);

test('on x86-64 the result shows that a call was interrupted', () => {
  const args = { 14: 0x1000, 13: 1, 12: 2, 7: 3, 9: 4, 8: 5 };
  for (const result of [-4, -512, -513, -514, -516])
    assert.deepEqual(waits('x86-64', { ...args, 15: 202, 10: result }), [0x1000, 1, 2, 3, 4, 5]);
  assert.equal(waits('x86-64', { ...args, 15: 202, 10: 0 }), undefined);
  assert.equal(waits('x86-64', { ...args, 15: -1, 10: -4 }), undefined);
});

test('on aarch64 a call that is to be made again is the next instruction', () => {
  const args = { 0: 0xffff_0000_1000, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 8: 98 };
  assert.deepEqual(waits('aarch64', { ...args, 32: code + 4 }), [0xffff_0000_1000, 1, 2, 3, 4, 5]);
  assert.equal(readRegisters(status('aarch64', args), 'aarch64').systemCall, 98);
  // Elsewhere, or where there is no code.
  for (const pc of [code, code + 8, code + 100, 0])
    assert.equal(waits('aarch64', { ...args, 32: pc }), undefined, pc.toString(16));
});

test('on aarch64 a call that is not made again has lost its first argument', () => {
  assert.deepEqual(waits('aarch64', { 0: -4, 1: 7, 8: 22, 32: code + 8 }), [Number.NaN, 7, 0, 0, 0, 0]);
  assert.equal(waits('aarch64', { 0: 7, 1: 7, 8: 22, 32: code + 8 }), undefined);
});
