import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debugOf } from './debug-section.js';

const section = (...fields: number[]) => new Uint8Array(BigUint64Array.from(fields, BigInt).buffer);
/** As CPython 3.14.10 has it. */
const usual: readonly number[] = [
  168, 136, 96, 108, 109, 128, 152, 0x37248, 0x2a80, 0x3a8, 0x360, 0x368, 0x370,
];

test('the offsets of tasks, interpreters and threads are taken out of the section', () => {
  assert.deepEqual(debugOf(section(...usual)), {
    task: { size: 168, name: 136, awaitedBy: 96, awaitedBySet: 109, coroutine: 128, node: 152 },
    tasksOfInterpreter: 0x2a80,
    thread: { loop: 0x360, task: 0x368, tasks: 0x370 },
  });
});

test('what cannot be offsets is none', () => {
  assert.equal(debugOf(section(...usual.with(5, 168))), undefined, 'beyond the task');
  assert.equal(debugOf(section(...usual.with(12, 2 ** 40))), undefined);
  assert.equal(debugOf(new Uint8Array(13 * 8)), undefined);
});
