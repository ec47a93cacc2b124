import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionKind } from '../model/profile.js';
import { type Category, categoryOf } from './category.js';

const cases: [string, Category][] = [
  ['/home/me/app.py', 'application'],
  ['app.py', 'application'],
  ['<string>', 'application'],
  ['/home/me/venv/lib/python3.11/site-packages/flask/app.py', 'library'],
  ['/usr/lib/python3/dist-packages/apt/cache.py', 'library'],
  ['/usr/lib/python3.11/socketserver.py', 'stdlib'],
  ['/usr/local/lib64/python3.13t/json/decoder.py', 'stdlib'],
  ['/usr/lib/python312.zip/json/decoder.py', 'stdlib'],
  ['<frozen importlib._bootstrap>', 'stdlib'],
  ['/srv/lib/python_tools/main.py', 'application'],
];

for (const [file, category] of cases) {
  test(`${file} is ${category}`, () => assert.equal(categoryOf(fn('python', file)), category));
}

test('functions without a file are categorised by their kind', () => {
  assert.equal(categoryOf(fn('c', '')), 'c');
  assert.equal(categoryOf(fn('synthetic', '')), 'synthetic');
});

function fn(kind: FunctionKind, file: string) {
  return { kind, file, name: 'f', qualifiedName: 'f', shortFile: file, firstLine: 1 };
}
