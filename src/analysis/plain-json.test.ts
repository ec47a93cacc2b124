import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainJson } from './plain-json.js';

test('nothing steers a terminal or hides, and it reads back the same', () => {
  const name = 'a\u001b[31m\u009b1m\u202eevil\u200b\ufeffé漢"\\';
  const text = plainJson({ name });
  assert.doesNotMatch(text, /[^\n -~é漢]/);
  assert.deepEqual(JSON.parse(text), { name });
});
