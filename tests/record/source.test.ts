import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SourceFile } from '../../src/model/source-text.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython, eachPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { partOfReport } from '../support/report-page.js';
import { programFile, withTarget } from '../support/targets.js';

function sourcesOf(page: string): readonly SourceFile[] {
  return partOfReport<readonly SourceFile[]>(readFileSync(page, 'utf8'), 'sources');
}

const program = programFile('busy.py');
const lines = readFileSync(program, 'utf8').split('\n');

eachPython('source comes from the files of the target, as they are under its root', (python) =>
  withFolder((folder) =>
    withTarget(python, program, async ({ pid }) => {
      const page = `${folder}/x.html`;
      const args = ['record', '-p', String(pid), '-d', '0.3', '-o', page];
      const { status, stderr } = await pyglass(...args, '--with-source');
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Source: \d+ files?/m);
      const source = sourcesOf(page).find(({ file }) => file.endsWith('busy.py'));
      assert.ok(source, stderr);
      for (const part of source.parts)
        assert.deepEqual(part.lines, lines.slice(part.first - 1, part.first - 1 + part.lines.length));
    }),
  ),
);

test('report has the source that lies here, and says when it is newer than the recording', () =>
  withFolder(async (folder) => {
    const [file, run, page] = [`${folder}/app.py`, `${folder}/run.pyglass`, `${folder}/x.html`];
    const text = 'def work():\n    return sum(range(3_000_000))\n\n\nfor _ in range(3):\n    work()\n';
    writeFileSync(file, text);
    const [python, ...words] = anyPython().command;
    assert.equal((await pyglass('record', '-o', run, '--', python, ...words, file)).status, 0);
    const report = () => pyglass('report', run, '--with-source', '-o', page);
    assert.equal((await pyglass('report', run, '-o', page)).status, 0);
    assert.deepEqual(sourcesOf(page), [], 'without the flag there is none');
    let { stderr } = await report();
    assert.match(stderr, /^Source: 1 file\.$/m);
    assert.equal(sourcesOf(page)[0]!.isNewer, false);
    // Its time may be set back; that it was changed stays.
    utimesSync(file, 1, 1);
    ({ stderr } = await report());
    assert.match(stderr, /^Source: 1 file; 1 changed since/m);
    assert.equal(sourcesOf(page)[0]!.isNewer, true);
    writeFileSync(file, `# moved\n${text}`);
    ({ stderr } = await report());
    assert.match(stderr, /^Source: 0 files; 1 not found or not the same\.$/m);
    assert.deepEqual(sourcesOf(page), []);
  }));

test('what is no page has no source: one error, and nothing is recorded', () =>
  withFolder(async (folder) => {
    for (const output of ['x.svg', 'x.pyglass']) {
      const record = await pyglass('record', '--with-source', '-o', `${folder}/${output}`, '--', 'false');
      assert.equal(record.status, 2);
      assert.match(record.stderr, /^pyglass: --with-source needs a page.*\nName a page:\n {2}pyglass record/);
    }
    const report = await pyglass('report', `${folder}/x.pyglass`, '--with-source', '--summary');
    assert.equal(report.status, 2);
    assert.match(report.stderr, /--with-source needs a page/);
  }));
