import assert from 'node:assert/strict';
import { eachPython } from '../support/pythons.js';
import { accuracyPrograms, measureAccuracy } from './suite.js';

// How close the shares come is for `npm run bench -- accuracy`: here nothing depends on how busy the machine is.
for (const program of accuracyPrograms) {
  eachPython(`${program.file}: every stack is one that the program has`, async (python) => {
    const result = await measureAccuracy(python, program, { rate: 2000, seconds: 1 });
    assert.equal(result.impossible, 0);
    assert.ok(result.samples > 0);
    for (const name of [...Object.keys(result.shares), ...(program.alsoSeen ?? [])])
      assert.ok(result.seen.has(name), `${name} was not seen in ${result.samples} samples`);
  });
}
