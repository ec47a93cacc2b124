import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeType, readCodeCalls } from '../../src/cpython/calls/code-calls.js';
import { readPointer } from '../../src/memory/pointers.js';
import { changingImage } from '../support/changing-image.js';
import { stateFixtures } from '../support/images.js';

test('what the type of code objects is called is read once, and other objects are none', () => {
  const { memory, location, threadStates } = changingImage(stateFixtures.at(-1)!);
  const { layout } = location;
  const codes = new Set(
    threadStates.map((state) => {
      const code = readPointer(
        memory,
        readPointer(memory, state + layout.threadState.frame) + layout.frame.code,
      );
      return code - (code % 8);
    }),
  );
  const type = new CodeType();
  const [first = 0, second = 0] = codes;
  const address = readPointer(memory, first + layout.object.type);
  assert.ok(readCodeCalls(memory, layout, first, type));
  let reads = 0;
  memory.before(address + layout.type.name, () => reads++);
  assert.ok(readCodeCalls(memory, layout, second, type));
  assert.equal(reads, 0);
  assert.ok(readCodeCalls(memory, layout, second));
  assert.equal(reads, 1);
  assert.equal(readCodeCalls(memory, layout, address, type), undefined);
  assert.ok(readCodeCalls(memory, layout, first, type));
});
