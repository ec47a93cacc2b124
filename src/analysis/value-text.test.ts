import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Value } from '../model/value.js';
import { valueText } from './value-text.js';

const str = (text: string, more = 0): Value => ({ kind: 'text', type: 'str', prefix: '', text, more });
const plain = (text: string): Value => ({ kind: 'plain', type: 'int', text });
const list = (items: readonly Value[], more = 0): Value => ({
  ...{ kind: 'items', type: 'list', open: '[', close: ']', items, more },
});

test('values are written as Python writes them', () => {
  assert.equal(valueText(list([plain('1'), str("it's"), list([])]), 100), '[1, "it\'s", []]');
  const entries = [{ key: str('a'), value: plain('1') }];
  assert.equal(
    valueText({ kind: 'entries', type: 'dict', open: '{', close: '}', entries, more: 0 }, 100),
    "{'a': 1}",
  );
  const attributes = [
    { name: 'x', value: plain('1') },
    { name: 'y', value: str('\u202e\x1b') },
  ];
  assert.equal(
    valueText({ kind: 'attributes', type: 'P', open: 'P(', close: ')', attributes, more: 0 }, 100),
    "P(x=1, y='\\u202e\\x1b')",
  );
  assert.equal(valueText({ kind: 'hidden', type: 'str' }, 100), '<hidden str>');
});

test('what was not read is counted', () => {
  assert.equal(valueText(list([plain('1'), plain('2')], 98), 100), '[1, 2, … 98 more]');
  assert.equal(valueText(list([], 5), 100), '[…]');
  assert.equal(valueText(str('begin', 10), 100), "'begin'…");
});

test('no value is longer than the limit, nor can any steer a terminal', () => {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }).map((text) => str(text)),
      fc.string({ unit: 'binary' }).map(plain),
      fc.array(tie('value'), { maxLength: 5 }).map((items) => list(items)),
    ),
  }));
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 60 }), (one, limit) => {
      const text = valueText(one, limit);
      return text.length <= limit && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
    }),
  );
});
