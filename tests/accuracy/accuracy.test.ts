import assert from 'node:assert/strict';
import { eachFreeThreadedPython, everyPython, type TestPython } from '../support/pythons.js';
import { type AccuracyProgram, accuracyPrograms, measureAccuracy, parallelProgram } from './suite.js';

// How close the shares come is for `npm run bench -- accuracy`: here nothing depends on how busy the machine is.
for (const program of accuracyPrograms) {
  everyPython(`${program.file}: every stack is one that the program has`, (python) => check(python, program));
}
for (const program of [...accuracyPrograms, parallelProgram]) {
  eachFreeThreadedPython(`${program.file}: every stack is one that the program has`, (python) =>
    check(python, program),
  );
}

async function check(python: TestPython, program: AccuracyProgram): Promise<void> {
  const result = await measureAccuracy(python, program, { rate: 2000, seconds: 1 });
  assert.equal(result.impossible, 0);
  assert.ok(result.samples > 0);
  for (const name of [...Object.keys(result.shares), ...(program.alsoSeen ?? [])])
    assert.ok(result.seen.has(name), `${name} was not seen in ${result.samples} samples`);
}
