import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrixBuilds } from '../matrix/builds.js';
import { matrixChecks } from '../matrix/checks.js';
import { type MatrixResult, matrixTables, passed, withTable } from '../matrix/tables.js';
import { textOf } from '../support/repository.js';

const results: readonly MatrixResult[] = JSON.parse(textOf('tests/matrix/results.json'));

for (const [document, table] of Object.entries(matrixTables)) {
  test(`the table of Pythons in ${document} is what the matrix found`, () => {
    const text = textOf(document);
    assert.equal(withTable(text, table(results)), text, 'npm run matrix writes it');
  });
}

test('the matrix has tried every build that is read, with every check', () => {
  assert.deepEqual(
    results.map(({ name }) => name),
    matrixBuilds.map(({ name }) => name),
  );
  for (const { name, version, checks } of results) {
    // Such as `3.14t`, which may be followed by what else sets the row apart.
    const [, number = '', abi = ''] = /^([\d.]+)(t?)/.exec(name) ?? [];
    assert.match(version, new RegExp(`^${number.replace('.', '\\.')}\\.\\d+(?:rc\\d+)?${abi}$`));
    assert.deepEqual(
      Object.keys(checks),
      matrixChecks.map(({ key }) => key),
    );
  }
});

test('what did not pass is shown as such', () => {
  const [first, ...rest] = results;
  const checks = { ...first!.checks, values: 'Expected values to be strictly equal', top: 'not tried' };
  const lines = matrixTables['README.md']!([{ ...first!, checks }, ...rest]).split('\n');
  const cells = lines
    .find((line) => line.startsWith(`| ${first!.name} `))!
    .split('|')
    .map((text) => text.trim());
  const headings = lines[0]!.split('|').map((text) => text.trim());
  assert.equal(cells[headings.indexOf('Stacks')], passed);
  assert.equal(cells[headings.indexOf('Variables')], 'no');
  assert.equal(cells[headings.indexOf('top')], 'not tried');
});
