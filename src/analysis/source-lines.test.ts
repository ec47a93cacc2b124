import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { excerptOf, isPythonSource, seenFunctions, sourceParts } from './source-lines.js';

const text = `import time

@deco(
    1)
def work(n):
    total = 0

    return total
    # after it

class Shop:
    async def serve(self):
        return [f(x) for x in y]
twice = lambda x: (
    x * 2)
work(3)
`;

const numbersOf = (parts: ReturnType<typeof sourceParts>) =>
  parts?.flatMap(({ first, lines }) => lines.map((_, at) => first + at));

test('a function has its lines from the first to some after the last, and no line of the next', () => {
  assert.deepEqual(sourceParts(text, [{ name: 'work', firstLine: 3, lines: [6] }]), [
    {
      first: 3,
      lines: ['@deco(', '    1)', 'def work(n):', '    total = 0', '', '    return total', '    # after it'],
    },
  ]);
});

test('of a module, what is around the lines that ran', () => {
  assert.deepEqual(
    numbersOf(sourceParts(text, [{ name: '<module>', firstLine: 1, lines: [16] }])),
    [13, 14, 15, 16, 17],
  );
});

test('of a long function, its beginning and what is around the lines that ran', () => {
  const long = `def f():\n${Array.from({ length: 900 }, (_, at) => `    x${at} = 1`).join('\n')}`;
  const numbers = numbersOf(sourceParts(long, [{ name: 'f', firstLine: 1, lines: [5, 500] }]))!;
  assert.deepEqual(numbers, [
    ...Array.from({ length: 15 }, (_, at) => 1 + at),
    ...Array.from({ length: 21 }, (_, at) => 490 + at),
  ]);
});

test('what does not begin where the recording says is of another text', () => {
  const missing = [
    { name: 'other', firstLine: 3, lines: [6] },
    { name: 'work', firstLine: 2, lines: [6] },
    { name: 'work', firstLine: 6, lines: [6] },
    { name: 'work', firstLine: 3, lines: [7] },
    { name: 'work', firstLine: 3, lines: [9] },
    { name: 'work', firstLine: 3, lines: [600] },
    { name: 'work', firstLine: 600, lines: [6] },
    { name: '<lambda>', firstLine: 13, lines: [13] },
    { name: '<module>', firstLine: 1, lines: [2] },
  ];
  for (const fn of missing) assert.equal(sourceParts(text, [fn]), undefined, JSON.stringify(fn));
  const there = [
    { name: 'serve', firstLine: 12, lines: [13] },
    { name: 'Shop', firstLine: 11, lines: [12] },
    { name: '<listcomp>', firstLine: 13, lines: [13] },
    { name: '<lambda>', firstLine: 14, lines: [15] },
  ];
  for (const fn of there) assert.ok(sourceParts(text, [fn]), JSON.stringify(fn));
});

test('where a function has moved, only functions that are where they were are shown', () => {
  const moved = { name: 'other', firstLine: 3, lines: [6] };
  const module = { name: '<module>', firstLine: 1, lines: [16] };
  assert.equal(sourceParts(text, [moved, module]), undefined);
  const serve = { name: 'serve', firstLine: 12, lines: [13] };
  assert.deepEqual(numbersOf(sourceParts(text, [moved, module, serve])), [12, 13]);
});

test('lines end as Python ends them, and endless ones are cut', () => {
  const odd = `\ufeffdef f():\r\n  a = '\f\u2028'\r  b = 1\n${' '.repeat(9)}c = '${'x'.repeat(9999)}'`;
  const [part] = sourceParts(odd, [{ name: 'f', firstLine: 1, lines: [4] }])!;
  assert.equal(part!.lines.length, 4);
  assert.ok(part!.lines.at(-1)!.length < 500);
});

test('an excerpt has the lines of one function of those that a file has', () => {
  const work = { name: 'work', firstLine: 3, lines: [6] };
  const parts = sourceParts(text, [work, { name: '<module>', firstLine: 1, lines: [16] }])!;
  const excerpt = excerptOf({ file: 'app.py', isNewer: false, parts }, work);
  assert.deepEqual(
    excerpt.map(({ line }) => line),
    [3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(excerpt[3]!.text, '    total = 0');
});

test('functions are by file, those with most time first, with each line that was seen', () => {
  const profile = profileFromText(
    'main:3 main:3 main:4 main:4 | cold:2 hot:7 hot:9 hot:7 | time.sleep . . .',
    {
      functions: {
        main: { file: '/app/main.py', firstLine: 1 },
        cold: { file: '/app/work.py', firstLine: 2 },
        hot: { file: '/app/work.py', firstLine: 6 },
        'time.sleep': { kind: 'c', file: '' },
      },
    },
  );
  assert.deepEqual(
    [...seenFunctions(profile)],
    [
      [
        '/app/work.py',
        [
          { name: 'hot', firstLine: 6, lines: [7, 9] },
          { name: 'cold', firstLine: 2, lines: [2] },
        ],
      ],
      ['/app/main.py', [{ name: 'main', firstLine: 1, lines: [3, 4] }]],
    ],
  );
});

test('only Python is source', () => {
  const cases: [string, string, boolean][] = [
    ['/a/b.py', '', true],
    ['/usr/bin/tool', '#!/usr/bin/env python3\n', true],
    ['/etc/shadow', 'root:x', false],
    ['/a/page.html', 'x', false],
  ];
  for (const [file, begin, is] of cases) assert.equal(isPythonSource(file, begin), is, file);
});
