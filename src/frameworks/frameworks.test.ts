import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesBelow, textOf } from '../../tests/support/repository.js';
import { frameworks } from './frameworks.js';

const folder = 'src/frameworks/';
const sources = filesBelow('src').filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));

test('each framework has a file, a test beside it that is the contract, and a line in the list', () => {
  const files = sources
    .filter((path) => path.startsWith(folder) && /: Framework = \{/.test(textOf(path)))
    .map((path) => path.slice(folder.length, -'.ts'.length));
  assert.deepEqual(frameworks.map(({ id }) => id).sort(), files.sort());
  for (const file of files)
    assert.match(textOf(`${folder}${file}.test.ts`), /^frameworkContract\(\w+, \{/m, file);
});

test('what is known is known once', () => {
  const repeated = (texts: readonly string[]) => texts.filter((text, at) => texts.indexOf(text) !== at);
  assert.deepEqual(repeated(frameworks.flatMap(({ idle }) => idle?.stacks ?? [])), []);
  assert.deepEqual(repeated(frameworks.flatMap(({ requests = [] }) => requests)), []);
  assert.deepEqual(repeated(frameworks.flatMap(({ reloader = [] }) => reloader)), []);
});

test('the documentation lists whose threads can be idle, and when', () => {
  const listed = textOf('docs/idle.md')
    .split('\n\n')
    .flatMap((paragraph) => (paragraph.startsWith('- ') ? paragraph.split(/^- /m).slice(1) : []))
    .map((item) => item.replace(/\s+/g, ' ').trim());
  const known = [
    ...frameworks.flatMap(({ title, idle }) => (idle ? [`${title}: ${idle.which}.`] : [])),
    ...frameworks.flatMap(({ title, idleTasks }) => (idleTasks ? [`${title}: ${idleTasks.which}.`] : [])),
  ];
  const missing = known.filter((line) => !listed.includes(line));
  assert.deepEqual(missing, [], `docs/idle.md lacks: - ${missing[0]}`);
  assert.deepEqual(listed, known);
});

/** Names that mean something else there. */
const others: readonly string[] = [
  // Examples of the help.
  'src/cli/declare/dump.ts: gunicorn',
  'src/cli/declare/record.ts: gunicorn',
  'src/cli/declare/top.ts: gunicorn',
  // A server, where secrets are in its address.
  'src/model/secret-arguments.ts: redis',
  'src/model/secret-urls.ts: redis',
];

test('the code outside names no framework', () => {
  const names = new Set<string>();
  for (const { id, requests = [], reloader = [], idle } of frameworks) {
    if (id === 'standard-library') continue;
    names.add(id);
    // Packages: `kombu` of `kombu/utils/eventio.py:poll`. What stands further in may be Python's own.
    const outermost = (idle?.stacks ?? []).map((stack) => stack.split(' < ').at(-1)!);
    for (const frame of [...requests, ...[reloader].flat(), ...outermost])
      names.add(frame.replace(/(\.py:|\/).*/, ''));
  }
  assert.ok(names.has('kombu') && names.has('flask') && !names.has('threading'));
  const name = new RegExp(`(?<![a-z])(${[...names].join('|')})(?![a-z])`, 'gi');
  const found = sources
    .filter((path) => !path.startsWith(folder) && !path.endsWith('.generated.ts'))
    .flatMap((path) =>
      [...new Set(withoutComments(textOf(path)).match(name))].map((one) => `${path}: ${one}`),
    );
  assert.deepEqual(found.sort(), others);
});

function withoutComments(code: string): string {
  return code.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
}
