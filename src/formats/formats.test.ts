import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { withFolder } from '../../tests/support/recordings.js';
import { textOf } from '../../tests/support/repository.js';
import { buildCallTree } from '../analysis/call-tree.js';
import { defaultView, modes, type ViewOptions } from '../analysis/view-options.js';
import { writeOutput } from '../disk/write-output.js';
import { zlibCompression } from '../disk/zlib-compression.js';
import type { Profile } from '../model/profile.js';
import { formatById, formatForPath, formats } from './formats.js';
import type { OutputFormat } from './output-format.js';
import { storedChunks } from './stored-chunks.js';

test('the documentation lists each format, with its usual ending', () => {
  const table = textOf('docs/formats.md');
  for (const { id, extensions } of formats) {
    const row = new RegExp(`^\\| \`${id}\` +\\| \`${extensions[0]!.replaceAll('.', '\\.')}\``, 'm');
    assert.match(table, row, `docs/formats.md lacks the row of ${id}, ${extensions[0]}`);
  }
});

test('the ending of a file names its format', () => {
  assert.equal(formatForPath('a/profile.svg')?.id, 'flamegraph');
  assert.equal(formatForPath('profile.SPEEDSCOPE.JSON')?.id, 'speedscope');
  assert.equal(formatForPath('stacks.txt')?.id, 'raw');
  assert.equal(formatForPath('run.pb.gz')?.id, 'pprof');
  assert.equal(formatForPath('run.trace.json')?.id, 'chrometrace');
  assert.equal(formatForPath('run.firefox.json')?.id, 'firefox');
  assert.equal(formatForPath('run.gz'), undefined);
  assert.equal(formatForPath('run.summary.txt')?.id, 'summary');
  assert.equal(formatForPath('run.summary.json')?.id, 'summary-json');
  assert.equal(formatForPath('profile'), undefined);
  assert.equal(formatForPath('profile.html')?.id, 'html');
  assert.equal(formatById('raw')?.id, 'raw');
  assert.equal(formatById('nothing'), undefined);
});

/**
 * A format that is no text, as pprof and others are: the magic bytes ff 00, then for each node of the call tree the
 * length of its label, the label and its self time, milliseconds. Only this test knows it.
 */
const binary: OutputFormat = {
  id: 'binary',
  title: 'Made up',
  extensions: ['.bin.gz'],
  mediaType: 'application/gzip',
  description: 'bytes that are no text',
  compression: 'gzip',
  *write(profile, view) {
    yield Uint8Array.of(0xff, 0);
    for (const { label, selfTime } of buildCallTree(profile, view).nodes) {
      yield Uint8Array.of(Buffer.byteLength(label));
      yield label;
      yield Uint8Array.of(selfTime / 1000);
    }
  },
};

function bytesOf(chunks: Iterable<string | Uint8Array>): Buffer {
  return Buffer.concat([...chunks].map((chunk) => Buffer.from(chunk as string)));
}

function stored(format: OutputFormat, profile: Profile, view: ViewOptions = defaultView): Buffer {
  return bytesOf(storedChunks(format, profile, view, zlibCompression));
}

const sampled = () =>
  profileFromText(
    { one: 'a a b | c d é😀', two: 'f . f' },
    { states: { one: 'RWG', two: 'C.R' }, gil: { one: '100' }, jobs: { one: 'xx.', two: '..y' } },
  );
const views: readonly Partial<ViewOptions>[] = [
  {},
  ...modes.map((mode) => ({ mode })),
  { threads: true, processes: true, label: { key: 'job' } },
  { label: { key: 'job', value: 'none' } },
];

for (const format of [...formats, binary]) {
  test(`${format.id}: the same recording gives the same bytes, and stays as it was`, () => {
    const profile = sampled();
    for (const view of views) {
      const options = { ...defaultView, ...view };
      const first = stored(format, profile, options);
      assert.deepEqual(stored(format, profile, options), first);
      assert.deepEqual(stored(format, sampled(), options), first);
    }
    assert.deepEqual(profile, sampled());
    assert.ok(stored(format, profile).length > 0);
  });

  test(`${format.id}: no chunk of text ends within a character`, () => {
    for (const chunk of format.write(sampled(), defaultView))
      assert.ok(typeof chunk !== 'string' || Buffer.from(chunk).toString() === chunk);
  });

  test(`${format.id}: what reaches a file are these bytes`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/out${format.extensions[0]}`;
      await writeOutput(path, storedChunks(format, sampled(), defaultView, zlibCompression));
      const bytes = readFileSync(path);
      assert.deepEqual(bytes, stored(format, sampled()));
      const plain = format.compression === 'gzip' ? gunzipSync(bytes) : bytes;
      assert.deepEqual(plain, bytesOf(format.write(sampled(), defaultView, zlibCompression)));
    }));

  test(`${format.id}: a recording without samples is written too`, () => {
    assert.doesNotThrow(() => stored(format, profileFromText('.')));
  });
}

test('what is in a gzipped format is read back', () => {
  const bytes = gunzipSync(stored(binary, profileFromText('é é | f .', { jobs: {} })));
  assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0]);
  const rows: [label: string, milliseconds: number][] = [];
  for (let at = 2; at < bytes.length; ) {
    const end = at + 1 + bytes[at]!;
    rows.push([bytes.toString('utf8', at + 1, end), bytes[end]!]);
    at = end + 1;
  }
  assert.deepEqual(rows, [
    ['é (app.py:1)', 10],
    ['f (app.py:1)', 10],
  ]);
});
