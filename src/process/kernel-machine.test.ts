import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelMachine, machineOfNode, machineThatReads } from './kernel-machine.js';

test('the kernel numbers the read of its own file', () => {
  assert.equal(machineThatReads('0 0x3 0x7ffe 0x400 0x0 0x0 0x0 0x7ffe 0x7f00\n'), 'x86-64');
  assert.equal(machineThatReads('17 0x3 0x7ffe 0x400 0x0 0x0 0x0 0x7ffe 0x7f00\n'), 'x86-64');
  assert.equal(machineThatReads('63 0x3 0xffff 0x400 0x0 0x0 0x0 0xffff 0xffff\n'), 'aarch64');
  assert.equal(machineThatReads('67 0x3 0xffff 0x400 0x0 0x0 0x0 0xffff 0xffff\n'), 'aarch64');
  for (const other of [undefined, '', 'running\n', '-1 0x0 0x0\n', '232 0x1\n'])
    assert.equal(machineThatReads(other), undefined, other);
});

test('without an emulator the kernel is one for the machine of Node', () => {
  assert.equal(kernelMachine(), machineOfNode());
  assert.equal(machineOfNode('arm64'), 'aarch64');
  assert.equal(machineOfNode('x64'), 'x86-64');
});
