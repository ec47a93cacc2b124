import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { profileFromText } from '../../tests/support/profile-from-text.js';
import { readSources } from './read-sources.js';

const text = ['import time', '', 'def work():', '    time.sleep(1)', '', 'work()', ''].join('\n');

/** The sources of a recording of `work`, at line 4 of a file that holds `bytes`; made a day before it began. */
function found(bytes: string | Uint8Array, { ageOfFile = 86_400, name = 'app.py' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'));
  try {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    const profile = profileFromText('work:4 work:4', { functions: { work: { file, firstLine: 3 } } });
    const startedAt = Date.now() + 60_000 - Math.min(0, ageOfFile) * 1000;
    profile.info = { ...profile.info, startedAt: ageOfFile < 0 ? Date.now() - 86_400_000 : startedAt };
    utimesSync(file, new Date(), new Date(profile.info.startedAt - ageOfFile * 1000));
    const link = join(folder, 'link.py');
    symlinkSync(file, link);
    return { ...readSources(profile), file };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('lines around what was seen are read from our own files', () => {
  const { sources, missing, newer, file } = found(text);
  assert.deepEqual([missing, newer, sources.length], [0, 0, 1]);
  assert.equal(sources[0]!.file, file);
  const lines = sources[0]!.parts.flatMap((part) => part.lines);
  assert.ok(lines.includes('    time.sleep(1)'));
});

test('a file that was changed since is marked', () => {
  assert.equal(found(text, { ageOfFile: -3600 }).newer, 1);
});

test('a file that is no Python, no text or another one is left out', () => {
  for (const bytes of [new Uint8Array(100), text.replace('def work', 'def other'), `\n\n\n${text}`, ''])
    assert.deepEqual([found(bytes).sources.length, found(bytes).missing], [0, 1]);
  assert.equal(found(text, { name: 'app.txt' }).sources.length, 0);
});

test('a file in another encoding is read as it says', () => {
  const latin = Buffer.from(text.replace('import time', '# coding: latin-1\nimport time # é'), 'latin1');
  const moved = latin.toString('latin1').replace('\n\ndef', '\ndef');
  const { sources } = found(Buffer.from(moved, 'latin1'));
  assert.equal(sources.length, 1);
});

test('what never was a file is not missing', () => {
  const profile = profileFromText('work', { functions: { work: { file: '<string>' } } });
  assert.deepEqual(readSources(profile), { sources: [], missing: 0, newer: 0 });
});
