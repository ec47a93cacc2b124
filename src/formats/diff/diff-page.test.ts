import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffHtmlOf, diffPageOf, shopPair } from '../../../tests/support/diffed-pair.js';
import { profileFromText } from '../../../tests/support/profile-from-text.js';
import { partOfReport } from '../../../tests/support/report-page.js';
import type { DiffPage, PageTree } from './diff-page.js';

const shop = shopPair();
const page = diffPageOf(shop);
const verdicts = Object.fromEntries(
  page.functions.map(({ name, self, total }) => [name, [self.verdict, total.verdict]]),
);

test('the table has changes first, with what they are known to', () => {
  assert.deepEqual(verdicts, {
    'Shop.price': ['grew', 'grew'],
    old_way: ['shrank', 'shrank'],
    new_way: ['grew', 'grew'],
    show: ['same', 'shrank'],
    buy: ['same', 'grew'],
    stock: ['same', 'same'],
    tax: ['same', 'same'],
    log: ['same', 'same'],
    main: ['same', 'same'],
  });
  const isChanged = page.functions.map(({ name }) => verdicts[name]!.some((verdict) => verdict !== 'same'));
  assert.deepEqual(
    isChanged,
    isChanged.toSorted((a, b) => Number(b) - Number(a)),
  );
  const price = page.functions.find(({ name }) => name === 'Shop.price')!;
  assert.equal(price.location, 'shop/price.py');
  assert.ok(price.self.error > 0 && price.self.after > price.self.before);
  assert.equal(price.self.after, Math.round(price.self.after * 10) / 10);
  assert.deepEqual(page.functions.flatMap(({ name, only }) => (only ? [[name, only]] : [])).sort(), [
    ['new_way', 'after'],
    ['old_way', 'before'],
  ]);
  assert.equal(page.leftOut, 0);
});

test('each sentence about a function leads to its row', () => {
  const about = page.sentences.filter(({ fn }) => fn !== undefined);
  assert.ok(about.length >= 3);
  for (const { text, subject, fn } of about) {
    assert.ok(text.startsWith(subject!), text);
    assert.ok(subject!.startsWith(page.functions[fn!]!.name), `${subject}: ${fn}`);
  }
});

/** `name: what became of it` of each frame, in the order of the walk. */
function frames({ names, name, depth, change, changes }: PageTree): string[] {
  return name.map(
    (of, at) => `${' '.repeat(depth[at]!)}${names[of]!.name} ${changes[change[at]!]?.verdict ?? '-'}`,
  );
}

test('there are calls of both recordings, and their names lead to rows', () => {
  assert.deepEqual(frames(page.trees.after), [
    'all same',
    ' main same',
    '  buy grew',
    '   Shop.price grew',
    '    tax same',
    '   stock same',
    '  log same',
    '  show shrank',
    '   new_way grew',
  ]);
  const before = frames(page.trees.before);
  // What a C function takes is its caller's.
  assert.deepEqual(before.slice(before.indexOf('   old_way shrank')).slice(0, 2), [
    '   old_way shrank',
    '    builtins.sorted -',
  ]);
  for (const { names } of Object.values(page.trees))
    for (const { name, fn } of names)
      assert.equal(page.functions[fn]?.name, name === 'all' || name === 'builtins.sorted' ? undefined : name);
  const { total, self } = page.trees.after;
  assert.equal(
    total[0],
    self.reduce((sum, time) => sum + time, 0),
  );
});

test('of very many functions those with the least difference are left out, and counted', () => {
  const names = Array.from({ length: 2100 }, (_, at) => `f${at}`);
  const many = profileFromText(names.join(' '));
  const { functions, leftOut } = diffPageOf({ before: many, after: many });
  assert.deepEqual([functions.length, leftOut], [2000, 100]);
});

test('recordings that show nothing say why, and have no words', () => {
  const empty = profileFromText('. .');
  const { nothing, sentences } = diffPageOf({ before: empty, after: empty });
  assert.match(nothing![0]!, /^Nothing was sampled/);
  assert.deepEqual(sentences, []);
  const html = diffHtmlOf({ before: empty, after: empty });
  assert.match(html, /<p>Nothing was sampled/);
  assert.doesNotMatch(html, /<table>/);
});

test('what is written is what was counted, in one file with a policy', () => {
  const html = diffHtmlOf({ ...shop, base: 'before' });
  assert.deepEqual(partOfReport<DiffPage>(html, 'diff'), { ...page, base: 'before' });
  assert.match(
    html,
    /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
  );
  assert.doesNotMatch(html, /<link|\ssrc=|@import|url\(/i);
  assert.equal(html.match(/<script>/g)?.length, 1);
});

test('without scripts there are the words and the largest changes', () => {
  const plain = /<noscript>([\s\S]*)<\/noscript>/.exec(diffHtmlOf(shop))![1]!;
  assert.match(plain, /<p>Shop\.price \(shop\/price\.py\) grew by /);
  assert.match(
    plain,
    /<th scope="row">Shop\.price \(shop\/price\.py\)<\/th><td>[\d.]+ ms<\/td><td>[\d.]+ ms<\/td><td>\+[\d.]+ ms \+\d+%<\/td>/,
  );
  assert.match(plain, /<th scope="row">log \(app\.py\)<\/th>.*<td>± [\d.]+ ms<\/td>/);
});

test('hostile names are data', () => {
  const evil = '</script><script>alert(1)</script>\u001b\u202e';
  const hostile = profileFromText('f f f f', { functions: { f: { qualifiedName: evil, shortFile: evil } } });
  hostile.info = { ...hostile.info, title: evil };
  const html = diffHtmlOf({ before: profileFromText('g g g g'), after: hostile });
  assert.equal(html.match(/<script>/g)?.length, 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.doesNotMatch(html, /[\u001b\u202e]/);
  assert.doesNotMatch(JSON.stringify(partOfReport(html, 'diff')), /\\u001b|\u202e/);
});
