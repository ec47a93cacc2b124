import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesBelow, textOf } from '../support/repository.js';

const tooLong = 400;

/** Files that were generated, not written. */
const generated = /^src\/cpython\/(layouts|opcodes)\/python|\.generated\.ts$/;
const written = filesBelow('src').filter((file) => file.endsWith('.ts') && !generated.test(file));

test(`no file of src/ has ${tooLong} lines or more`, () => {
  for (const file of written) {
    const lines = textOf(file).split('\n').length - 1;
    assert.ok(lines < tooLong, `${file} has ${lines} lines: split it`);
  }
});

test('nobody is let off the limits of functions', () => {
  // What lints: `npm run check`.
  const { overrides } = JSON.parse(textOf('biome.json'));
  const error = (options: object) => ({ level: 'error', options });
  const complexity = {
    noExcessiveCognitiveComplexity: error({ maxAllowedComplexity: 20 }),
    useMaxParams: error({ max: 5 }),
  };
  assert.deepEqual(overrides, [{ includes: ['src/**', '!**/*.test.ts'], linter: { rules: { complexity } } }]);
  const ignoring = filesBelow('src').filter((file) =>
    /biome-ignore(-\w+)? lint\/complexity/.test(textOf(file)),
  );
  // A system call has as many parameters as it has.
  assert.deepEqual(ignoring, ['src/process/scatter-memory.ts']);
});
