import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreNotes, CoreSignal } from './core-notes.js';
import { endingSignal } from './core-signals.js';

const of = (number: number, signal?: Omit<CoreSignal, 'number'>) => {
  const registers = { systemCall: -1, args: [], result: 0, instruction: 0 };
  const thread = { id: 7, signal: number, registers };
  const notes: Pick<CoreNotes, 'threads' | 'signal'> = {
    threads: [thread],
    signal: signal && { number, ...signal },
  };
  return endingSignal(notes as CoreNotes);
};
const from = { address: 0x1234, sender: 0x1234 };

test('a signal of the processor has an address, one of a process its sender', () => {
  const segv = { number: 11, name: 'SIGSEGV', threadId: 7 };
  assert.deepEqual(of(11, { code: 1, ...from }), { ...segv, address: '0x1234' });
  assert.deepEqual(of(11, { code: 0, ...from }), { ...segv, sender: 0x1234 });
  assert.deepEqual(of(6, { code: -6, ...from }), { number: 6, name: 'SIGABRT', threadId: 7, sender: 0x1234 });
  // The kernel refused an address that is none: it does not say which.
  assert.deepEqual(of(11, { code: 0x80, ...from }), segv);
  assert.deepEqual(of(11), segv);
  assert.deepEqual(of(25, { code: 1, ...from }), { number: 25, name: 'SIGXFSZ', threadId: 7 });
});

test('a core file of a process that went on has none', () => {
  assert.equal(of(0), undefined);
  // With these a debugger stops threads.
  assert.equal(of(19), undefined);
  assert.equal(of(5, { code: -6, ...from }), undefined);
  assert.equal(of(5, { code: 1, ...from })?.name, 'SIGTRAP');
});
