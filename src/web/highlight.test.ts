import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highlighted } from './highlight.js';

const textsOf = (lines: readonly string[]) =>
  highlighted(lines).map((pieces) => pieces.map(({ text }) => text).join(''));

test('pieces of a line are what they are, also in texts of several lines', () => {
  const rows = highlighted(['def f(n):  # it', '    """A', '    if text"""', "    return 'for' + 1"]);
  const kinds = (row: number) => rows[row]!.filter(({ kind }) => kind).map(({ text, kind }) => [text, kind]);
  assert.deepEqual(kinds(0), [
    ['def', 'keyword'],
    ['# it', 'comment'],
  ]);
  assert.deepEqual(kinds(2), [['    if text"""', 'comment']]);
  assert.deepEqual(kinds(3), [
    ['return', 'keyword'],
    ["'for'", 'text'],
    ['1', 'number'],
  ]);
});

test('no character is lost or added, whatever the text', () => {
  const odd = [
    [],
    [''],
    ['', '', ''],
    ['x = "not closed', "'''", "f\"{a[f'{b}']}", '\\', '# TODO </script>'],
    ['"'.repeat(5000), `f'${'{'.repeat(5000)}`, '\\"'.repeat(5000)],
    [`"""${'x\\'.repeat(100_000)}`],
    ['\ud800 \u0000 \u202e', '__proto__ = 1'],
  ];
  for (const lines of odd) assert.deepEqual(textsOf(lines), lines.length === 0 ? [''] : lines);
});
