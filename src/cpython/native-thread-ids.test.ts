import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plausibleThreadId } from './native-thread-ids.js';

test('what the kernel gives no thread as its id is not known', () => {
  for (const id of [1, 7, 1 << 22]) assert.equal(plausibleThreadId(id), id);
  for (const id of [0, -1, (1 << 22) + 1, 2 ** 31, 2 ** 40, 2 ** 64, Number.NaN])
    assert.equal(plausibleThreadId(id), 0);
});
