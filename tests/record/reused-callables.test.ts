import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pyglass } from '../support/pyglass.js';
import { eachPython } from '../support/pythons.js';
import { parseRaw, withFolder } from '../support/recordings.js';
import { programFile, withTarget } from '../support/targets.js';

/** Share of the samples that may have the name of a function that was called before or after. */
const mostWrong = 0.001;

const called: Readonly<Record<string, RegExp>> = {
  crc: /^zlib\.crc32$/,
  nap: /^time\.sleep$/,
  sha: /sha256$/,
};

eachPython('what is called through objects that come and go has its own name', async (python) => {
  await withTarget(python, programFile('reused_callables.py'), async ({ pid }) => {
    await withFolder(async (folder) => {
      const words = [
        'record',
        '-p',
        String(pid),
        '-r',
        '2000',
        '-d',
        '1',
        '-F',
        '-f',
        'raw',
        '-o',
        `${folder}/o.raw`,
      ];
      const { status, stderr } = await pyglass(...words);
      assert.equal(status, 0, stderr);
      let named = 0;
      let wrong = 0;
      const examples = new Set<string>();
      for (const { names, count } of parseRaw(readFileSync(`${folder}/o.raw`, 'utf8'))) {
        const [caller = '', callee = ''] = names.slice(-2);
        const right = called[caller];
        if (!right) continue;
        if (right.test(callee)) named += count;
        else if (callee !== '') {
          wrong += count;
          examples.add(`${caller};${callee}`);
        }
      }
      assert.ok(named > 0);
      assert.ok(wrong <= mostWrong * (named + wrong), `${wrong} wrong, ${named} right: ${[...examples]}`);
    });
  });
});
