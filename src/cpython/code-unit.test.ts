import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeUnit, firstInstructionOf, instructionAtStart, instructionOffset } from './code-unit.js';
import { python3_10 } from './layouts/python3_10.js';
import { python3_13 } from './layouts/python3_13.js';

const code = 0x7f12_3456_7000;

test('up to 3.10 a frame counts from the first instruction, in bytes or in units', () => {
  assert.equal(instructionOffset(9, 12, 0), 12);
  assert.equal(codeUnit(9, 12, 0), 6);
  assert.equal(codeUnit(-1, 13, 0), 13);
  assert.equal(instructionOffset(10, 12, 0), 24);
  assert.equal(codeUnit(10, 12, 0), 12);
  assert.equal(instructionAtStart(python3_10, code), 0);
});

test('a frame that has not begun is before the first instruction', () => {
  assert.ok(instructionOffset(9, 0xffff_ffff, 0) < 0);
  assert.ok(instructionOffset(10, 0xffff_ffff, 0) < 0);
  const first = firstInstructionOf(python3_13, code);
  assert.equal(instructionOffset(13, code + python3_13.code.instructions - 2, first), -2);
  assert.equal(codeUnit(13, code + python3_13.code.instructions - 2, first), -1);
});

test('from 3.11 a frame has an address, of which the low half will do', () => {
  const first = firstInstructionOf(python3_13, code);
  const address = code + python3_13.code.instructions + 24;
  assert.equal(instructionOffset(13, address, first), 24);
  assert.equal(instructionOffset(13, address % 2 ** 32, first), 24);
  assert.equal(codeUnit(13, address, first), 12);
  assert.equal(instructionOffset(13, instructionAtStart(python3_13, code), first), 0);
});

test('a code object may lie across a border of 4 GB', () => {
  const before = 0x7f12_ffff_ffe0;
  const first = firstInstructionOf(python3_13, before);
  assert.equal(instructionOffset(13, before + python3_13.code.instructions + 0x40, first), 0x40);
});
