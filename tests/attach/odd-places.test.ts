import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappedImages } from '../../src/process/linux-process.js';
import { copyOf } from '../support/copied-python.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';
import { pyglassBy, whyNotWithout, without } from '../support/users.js';

const python = anyPython();

/** What opens a file by its mapping, whatever it is called; an ordinary user has neither. */
const asUser = without('sys_admin', 'checkpoint_restore');

for (const name of [
  'with space ',
  'new\nline',
  'ünïcode-日本-',
  'x (deleted)',
  'tab\tq"\'',
  'back\\012slash',
]) {
  test(`a Python in a folder called ${JSON.stringify(name)} is read from its file`, {
    skip: whyNotWithout,
  }, async () => {
    const { python: copied, env, files, remove } = copyOf(python, name);
    try {
      await withTarget(
        copied,
        programFile('busy.py'),
        async ({ pid }) => {
          const held = mappedImages(pid).some(({ path }) => path.includes('libpython'));
          assert.equal(held, files.length > 1);
          const { status, stdout, stderr } = pyglassBy(asUser, 'doctor', '--json', '--pid', String(pid));
          assert.equal(status, 0, stdout + stderr);
          const { python: found } = JSON.parse(stdout).process;
          assert.equal(found.version, python.version);
          assert.notEqual(found.foundBy, 'memory');
          assert.equal(found.isLibrary, held);
          const text = pyglassBy(asUser, 'doctor', '--pid', String(pid)).stdout;
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
          assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
        },
        { env },
      );
    } finally {
      remove();
    }
  });
}
