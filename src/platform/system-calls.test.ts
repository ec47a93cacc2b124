import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemCallNumbers, systemCallOf, systemCallText } from './system-calls.js';

test('each kind of machine has its own numbers of system calls', () => {
  // From the headers of Linux: asm/unistd_64.h, asm-generic/unistd.h.
  for (const [name, x86, aarch64] of [
    ['read', 0, 63],
    ['futex', 202, 98],
    ['clock_nanosleep', 230, 115],
    ['epoll_pwait', 281, 22],
    ['wait4', 61, 260],
    ['flock', 73, 32],
    ['clone3', 435, 435],
  ] as const) {
    assert.deepEqual(systemCallNumbers(name), { 'x86-64': x86, aarch64 }, name);
    assert.equal(systemCallOf('x86-64', x86, []).name, name);
    assert.equal(systemCallOf('aarch64', aarch64, []).name, name);
  }
  // poll(2), which aarch64 does not have; there it is io_setup(2) and others.
  assert.equal(systemCallOf('x86-64', 7, []).name, 'poll');
  for (const number of [7, 202_000, -1, Number.NaN])
    assert.equal(systemCallOf('aarch64', number, []).name, '');
});

test('the text depends on the arguments', () => {
  const file = (descriptor: number) => `file ${descriptor}`;
  assert.equal(systemCallText('read')!([3, 4], file), 'reading from file 3');
  assert.equal(systemCallText('ppoll')!([1, 0], file), 'sleeping');
  assert.equal(systemCallText('ppoll')!([1, 2], file), 'waiting for events on files or the network');
  assert.equal(systemCallText('pselect6')!([Number.NaN], file), 'sleeping, or waiting for events');
  assert.equal(systemCallText(''), undefined);
});
