import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCharacters, decodeUtf8, encodeUtf8 } from './text.js';

/** About as long as what is read at once, and as what is read by characters. */
const lengths = [0, 1, 15, 16, 17, 100, 8175, 8191, 8192, 8193, 20_000];

test('UTF-8 is read as it was written, wherever other characters than ASCII stand in it', () => {
  for (const before of lengths)
    for (const after of lengths)
      for (const between of [
        '',
        'é',
        '一',
        '🐍',
        'é15 characters! é',
        '\u{10ffff}\u0000\uffff',
        'ü'.repeat(9000),
      ]) {
        const text = 'a'.repeat(before) + between + 'z'.repeat(after);
        const bytes = encodeUtf8(text);
        assert.deepEqual(Buffer.from(bytes), Buffer.from(text));
        assert.ok(decodeUtf8(bytes) === text, `${before}, ${between.slice(0, 20)}, ${after}`);
      }
});

test('what is not UTF-8 is one U+FFFD, and what follows it is read', () => {
  const rest = 'sixteen and more characters';
  for (const wrong of [
    [0x80],
    [0xc0],
    [0xff],
    [0xc3],
    [0xe4, 0xb8],
    [0xf0, 0x9f, 0x90],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ])
    for (const after of ['', 'a', rest, `${rest}é`])
      assert.equal(
        decodeUtf8(Uint8Array.of(...wrong, ...encodeUtf8(after))),
        `\ufffd${after}`,
        `${wrong} ${after}`,
      );
});

test('characters of each size are read', () => {
  const all = Uint8Array.from({ length: 20_000 }, (_, at) => at % 256);
  assert.ok(decodeCharacters(all, 1) === Buffer.from(all).toString('latin1'));
  assert.ok(decodeCharacters(new Uint8Array(Buffer.from('é一🐍', 'utf16le')), 2) === 'é一🐍');
  assert.equal(decodeCharacters(Uint8Array.of(0x0d, 0xf4, 1, 0, 0, 0, 0x11, 0), 4), '\u{1f40d}\ufffd');
  assert.equal(decodeCharacters(Uint8Array.of(65, 0, 66), 2), 'A');
});
