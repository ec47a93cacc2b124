import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesBelow, textOf } from '../support/repository.js';

const tooLong = 400;
const widest = 120;

/** Files that were generated, not written. */
const generated = /^src\/cpython\/(layouts|opcodes)\/python|\.generated\.ts$/;
const writtenIn = (folder: string) =>
  filesBelow(folder).filter((file) => /\.(ts|mjs)$/.test(file) && !generated.test(file));

test(`no file of src/ has ${tooLong} lines or more`, () => {
  for (const file of writtenIn('src')) {
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

test(`no comment has more than ${widest} columns`, () => {
  // Code is the formatter's: what it leaves wider is a literal.
  const wide = ['src', 'benchmarks', 'tests', 'tools'].flatMap(writtenIn).flatMap((file) =>
    textOf(file)
      .split('\n')
      .map((line, at) => ({ at: `${file}:${at + 1}`, line }))
      .filter(({ line }) => [...line].length > widest && hasComment(line)),
  );
  assert.deepEqual(
    wide.map(({ at }) => at),
    [],
  );
});

/** Whether a line has a comment, be it after code; not what looks like one in a literal. */
function hasComment(line: string): boolean {
  const code = line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '').trimStart();
  return /^(?:\*|\/\*)|\/\/ |\/\*\*? /.test(code);
}
