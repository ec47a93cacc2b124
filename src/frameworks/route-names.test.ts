import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMethod, PathNames, routeName } from './route-names.js';

test('of a path, what is no plain word is not shown', () => {
  const names = new PathNames();
  const cases = {
    '/': '/',
    '': '/',
    '/user/42': '/user/:id',
    '/user/hunter2/profile': '/user/:id/profile',
    '/api/v2/items/': '/api/v2/items/',
    '/files/report.pdf': '/files/report.pdf',
    '/reset/5f0c2a1e-7d9b-4f1e-8a2b-3c4d5e6f7a8b': '/reset/:id',
    '/search?q=secret': '/search',
    '/a/b/c/d/e/f/g': '/a/b/c/d/e/f/…',
    '/name/Ærøskøbing': '/name/:id',
    '/long/abcdefghijklmnopqrstuvwxyzabc': '/long/:id',
  };
  for (const [path, name] of Object.entries(cases)) assert.equal(names.nameOf(path), name, path);
});

test('ten thousand paths make a few names', () => {
  const names = new PathNames();
  const letters = (number: number) =>
    number.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);
  const found = new Set<string>();
  for (let number = 0; number < 10_000; number++) {
    found.add(names.nameOf(`/user/${letters(number)}`));
    found.add(names.nameOf(`/${letters(number)}/${number}`));
  }
  assert.ok(found.size <= 20, `${found.size}`);
});

test('a route is a method and a template, which begins with a slash', () => {
  assert.equal(routeName('GET', '/item/<int:id>'), 'GET /item/<int:id>');
  assert.equal(routeName('GET', 'items/<int:pk>/'), 'GET /items/<int:pk>/');
  assert.equal(routeName('GET', '^items/$'), 'GET ^items/$');
  assert.equal(routeName(undefined, ''), '/');
  assert.equal(routeName('GET', `/${'x'.repeat(1000)}`).length, 304);
});

test('a method is a word in capitals', () => {
  assert.ok(isMethod('GET') && isMethod('PROPFIND'));
  assert.ok(!isMethod('get') && !isMethod('HUNTER2') && !isMethod(undefined));
});
