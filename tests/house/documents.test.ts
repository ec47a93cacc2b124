import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { buildProgram } from '../../src/cli/program.js';
import { documents, filesBelow, repository, textOf } from '../support/repository.js';

const folders = ['src', 'tests', 'tools', 'benchmarks', 'examples', 'docs'];
const sources = folders.flatMap(filesBelow);
/** `c/d.ts` and `d.ts` of `a/b/c/d.ts`; folders too. */
const ends = new Set(
  sources.flatMap((path) => {
    const parts = path.split('/');
    return parts.flatMap((_, to) =>
      parts.slice(0, to + 1).map((_, from) => parts.slice(from, to + 1).join('/')),
    );
  }),
);
/** A change log is of the past. */
const checked = documents().filter((path) => path !== 'CHANGELOG.md');

/** Stand for any name. */
const placeholder = /NAME|PART|X_Y|\*|…/;
/** Kinds of files that no user of pyglass has: where one is named, it is ours. */
const ourKind = /\.(ts|mjs|md)$/;

/** Files of ours that a document names, as it names them. */
function namedPaths(text: string): string[] {
  const found = new Set<string>();
  for (const [, code] of text.matchAll(/`([^`\n]+)`/g))
    for (const word of code!.split(/[\s:,()]+/)) if (isPath(word)) found.add(word);
  // Those that stand in the text as they are.
  for (const [path] of text.matchAll(/(?<![\w/.-])(?:src|tests|docs|tools|benchmarks|examples)\/[\w./-]*\w/g))
    found.add(path);
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
    if (!/^[a-z]+:/.test(target!)) found.add(target!);
  return [...found].filter((path) => !placeholder.test(path));
}

function isPath(word: string): boolean {
  // An ending of names, such as that of an output format.
  if (/^(\.\w+)+$/.test(word)) return false;
  if (!/^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(word)) return false;
  return ourKind.test(word) || /^[a-z][a-z-]+\/([a-z]|$)/.test(word);
}

/** Paths are of the checkout, of the folder of the document, or the end of any path of ours. */
function exists(path: string, document: string): boolean {
  const places = [path, join(dirname(document), path)];
  if (places.some((place) => existsSync(join(repository, normalize(place))))) return true;
  return ends.has(path.replace(/\/$/, ''));
}

/** Look like paths of ours, and are something else. */
const otherPaths: readonly string[] = [
  // What a benchmark leaves behind.
  'benchmarks/results.json',
  // Of a program that is dumped.
  'flask/app.py',
];

test('every path that a document names exists', () => {
  const missing: string[] = [];
  const others = new Set<string>();
  let count = 0;
  for (const document of checked) {
    for (const path of namedPaths(textOf(document))) {
      count++;
      if (exists(path, document)) continue;
      if (otherPaths.includes(path)) others.add(path);
      else missing.push(`${document}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.deepEqual([...others].sort(), otherPaths.toSorted(), 'these are named no more');
  assert.ok(count > 150, `${count} paths were found`);
});

test('every document that help and messages name exists', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const file of sources.filter((path) => path.startsWith('src/') && path.endsWith('.ts'))) {
    for (const [path] of textOf(file).matchAll(/\bdocs\/[\w-]+\.\w+/g)) {
      count++;
      if (!existsSync(join(repository, path))) wrong.push(`${file}: ${path}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(count > 3);
});

/** Flags of other programs, which a document says how to call. */
const otherFlags: readonly string[] = [
  // Of `npm run bench`.
  ...['--only', '--rounds', '--full', '--quick', '--minutes'],
  // Of a program whose secrets are hidden.
  '--password',
  // Of Docker.
  '--network',
];

test('every flag that a document names is one of the command line', async () => {
  const program = await buildProgram(
    () => {},
    () => {},
  );
  const known = new Set(
    [program, ...program.commands].flatMap(({ options }) =>
      options.flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined)),
    ),
  );
  for (const flag of ['-h', '--help']) known.add(flag);
  const wrong: string[] = [];
  const others = new Set<string>();
  let count = 0;
  for (const document of checked) {
    const text = textOf(document);
    const long = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
    const short = [...text.matchAll(/`(-[A-Za-z])\b[^`\n]*`/g)].map(([, flag]) => flag!);
    for (const flag of new Set([...long, ...short])) {
      count++;
      if (known.has(flag)) continue;
      if (otherFlags.includes(flag)) others.add(flag);
      else wrong.push(`${document}: ${flag}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual([...others].sort(), otherFlags.toSorted(), 'these are named no more');
  assert.ok(count > 20, `${count} flags were found`);
});
