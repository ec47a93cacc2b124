import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from './plain-text.js';

test('text from the target cannot steer a terminal', () => {
  assert.equal(plainText('\x1b[2J\x1b]0;title\x07name'), 'name');
  assert.equal(plainText('a\nb\u202ec\x9bd'), 'a⟨U+000A⟩b⟨U+202E⟩c⟨U+009B⟩d'.replace('⟨U+009B⟩d', ''));
  const huge = plainText('x'.repeat(10_000_000), 50);
  assert.equal(huge.length, 50);
  assert.ok(huge.endsWith('…'));
});
