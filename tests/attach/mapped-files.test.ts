import assert from 'node:assert/strict';
import { copyFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { mappedImages } from '../../src/process/linux-process.js';
import { copyOf } from '../support/copied-python.js';
import { dumpJson } from '../support/dumps.js';
import { eachPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';
import { pyglassBy, whyNotWithout, without } from '../support/users.js';

const page = 4096;
const [readable, executable] = [1, 4];

/**
 * How a part of a file is mapped again: from its code's offset to `offset, length, protection`; a length of 0 is all of
 * it.
 */
const ways: Readonly<Record<string, (code: number) => readonly [number, number, number]>> = {
  'a page of its code': (code) => [code + page, page, readable | executable],
  'the first page of its code': (code) => [code, page, readable | executable],
  'all of the file': () => [0, 0, readable],
};
for (const [what, way] of Object.entries(ways)) {
  eachPython(`a Python that maps ${what} once more is read where it runs`, (python) =>
    withTarget(python, programFile('mapped_again.py'), async (target) => {
      const images = mappedImages(target.pid).filter(
        ({ path, mappings }) =>
          basename(path).includes('python') && mappings.some(({ permissions }) => permissions[2] === 'x'),
      );
      assert.ok(images.length > 0);
      const root = python.root === '/' ? '' : realpathSync(python.root).replace(/\/$/, '');
      const wanted = images.map(({ path, mappings }) => [
        path.slice(root.length),
        mappings[0]!.start,
        ...way(mappings.find(({ permissions }) => permissions[2] === 'x')!.offset),
      ]);
      target.say(JSON.stringify(wanted));
      assert.equal(await target.line(), 'mapped');
      const [process] = await dumpJson(target.pid);
      assert.equal(process!.pythonVersion, python.version);
      assert.deepEqual(
        process!.threads[0]!.frames.filter(({ kind }) => kind === 'python').map(({ name }) => name),
        ['waits', '<module>'],
      );
    }),
  );
}

const gone = (file: string) => rmSync(file);
const replaced = (file: string) => {
  copyFileSync(process.execPath, `${file}.new`);
  renameSync(`${file}.new`, file);
};
/** What opens /proc/PID/map_files; an ordinary user has neither. */
const openMapped = ['sys_admin', 'checkpoint_restore'];
const cases: readonly [what: string, change: (file: string) => void, missing: readonly string[]][] = [
  ['deleted are read with all privileges', gone, []],
  ['deleted are read with those of an ordinary user', gone, openMapped],
  ['replaced are read with those of an ordinary user', replaced, openMapped],
];
for (const [what, change, missing] of cases) {
  eachPython(`a Python whose files were ${what.replace(' are', ' is')}`, async (python, context) => {
    if (whyNotWithout !== undefined) return context.skip(whyNotWithout);
    const { python: copied, files, env, remove } = copyOf(python);
    try {
      await withTarget(
        copied,
        programFile('busy.py'),
        async ({ pid }) => {
          for (const file of files) change(file);
          const by = missing.length > 0 ? without(...missing) : { before: [] };
          const dumped = pyglassBy(by, 'dump', '--json', '--pid', String(pid));
          assert.equal(dumped.status, 0, dumped.stderr);
          const [process] = JSON.parse(dumped.stdout).processes;
          assert.equal(process.pythonVersion, python.version);
          assert.equal(process.threads[0].frames.at(-1).name, '<module>');
          const listed = JSON.parse(pyglassBy(by, 'ps', '--json').stdout).processes;
          const row = listed.find((one: { pid: number }) => one.pid === pid);
          assert.deepEqual([row?.version, row?.readable], [python.version, true]);
        },
        { env },
      );
    } finally {
      remove();
    }
  });
}
