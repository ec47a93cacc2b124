import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const src = new URL('../../src/', import.meta.url).pathname;

/** What each folder may import besides itself. Data flows one way: ARCHITECTURE.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  bytes: ['model'],
  memory: ['model', 'bytes'],
  binary: ['model', 'bytes'],
  cpython: ['model', 'bytes', 'memory', 'binary'],
  platform: ['model', 'bytes', 'memory', 'binary', 'cpython'],
  frameworks: ['model', 'bytes', 'memory', 'cpython'],
  process: ['model', 'bytes', 'memory', 'binary', 'cpython', 'platform'],
  recording: ['model', 'bytes'],
  disk: ['model', 'bytes', 'recording'],
  sampler: [
    'model',
    'bytes',
    'memory',
    'binary',
    'cpython',
    'platform',
    'frameworks',
    'process',
    'recording',
  ],
  analysis: ['model', 'frameworks'],
  formats: ['model', 'bytes', 'analysis'],
  tui: ['model', 'analysis'],
  // What runs in a browser: bundled into a text of formats/html/, which imports none of it.
  web: ['model', 'bytes', 'recording', 'analysis', 'formats'],
  discovery: ['model', 'frameworks', 'process'],
  // Profiles on their way to a receiver.
  delivery: ['model', 'disk', 'discovery', 'analysis', 'formats'],
  session: [
    'model',
    'frameworks',
    'process',
    'sampler',
    'recording',
    'disk',
    'discovery',
    'analysis',
    'formats',
  ],
  agent: [
    'model',
    'frameworks',
    'process',
    'sampler',
    'disk',
    'discovery',
    'delivery',
    'session',
    'analysis',
  ],
  // Serves the page that grows.
  live: ['model', 'process', 'recording', 'disk', 'discovery', 'session', 'formats'],
  cli: [
    'model',
    'frameworks',
    'process',
    'sampler',
    'recording',
    'disk',
    'discovery',
    'delivery',
    'agent',
    'session',
    'live',
    'analysis',
    'formats',
    'tui',
  ],
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts') && file.includes('/'),
);
const importsOf = (file: string) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from |import |import\()'(\.[^']+)\.js'/g)].map(
    (match) => {
      const path = normalize(join(dirname(file), match[1]!));
      return files.includes(`${path}.tsx`) ? `${path}.tsx` : `${path}.ts`;
    },
  );

test('imports follow the flow of data', () => {
  const wrong = files.flatMap((file) => {
    const folder = file.split('/')[0]!;
    return importsOf(file)
      .filter((imported) => {
        const other = imported.split('/')[0]!;
        return other !== folder && !allowed[folder]?.includes(other);
      })
      .map((imported) => `${file} may not import ${imported}; see ARCHITECTURE.md`);
  });
  assert.deepEqual(wrong, []);
  assert.ok(files.length > 50);
});

test('no files import each other in a circle', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `${[...path, file].join(' → ')} is a circle`);
    if (done.has(file) || !files.includes(file)) return;
    for (const imported of importsOf(file)) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});
