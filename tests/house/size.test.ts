import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesBelow, repository, textOf } from '../support/repository.js';

/**
 * Files with 400 lines or more, and how many they have at most (as of when they were last looked at, with some room). The list may only shrink:
 * a file that became shorter is taken out.
 */
const longFiles: Readonly<Record<string, number>> = {};
const tooLong = 400;

/** Files that were generated, not written. */
const generated = /^src\/cpython\/(layouts|opcodes)\/python|\.generated\.ts$/;

/** The file that lints, with the limits and, last, the files that are let off. */
interface LintSettings {
  overrides: [
    { linter: { rules: { complexity: object } } },
    { includes: readonly string[]; linter: { rules: { complexity: object } } },
  ];
}

test(`no file of src/ has ${tooLong} lines or more, but for a few that get shorter`, () => {
  const long: string[] = [];
  for (const file of filesBelow('src')) {
    if (!file.endsWith('.ts') || generated.test(file)) continue;
    const lines = textOf(file).split('\n').length - 1;
    const most = longFiles[file] ?? tooLong - 1;
    if (lines > most) assert.fail(`${file} has ${lines} lines, ${most} are allowed: split it`);
    if (lines >= tooLong) long.push(file);
  }
  assert.deepEqual(long.sort(), Object.keys(longFiles).sort(), 'take out of the list what is shorter by now');
});

test('functions of src/ that are too complex, or take too much, get fewer', () => {
  const settings: LintSettings = JSON.parse(textOf('biome.json'));
  const [limits, letOff] = settings.overrides;
  const found = filesOver(limits.linter.rules.complexity);
  const allowed = letOff.includes.toSorted();
  assert.deepEqual(
    allowed.filter((file) => !found.has(file)),
    [],
    'these are within the limits by now: take them out of the overrides of biome.json',
  );
  assert.deepEqual(
    [...found].filter((file) => !allowed.includes(file)),
    [],
    'these have functions above the limits of biome.json',
  );
});

test('nobody is let off the limits in passing', () => {
  const ignoring = filesBelow('src').filter((file) =>
    /biome-ignore(-\w+)? lint\/complexity/.test(textOf(file)),
  );
  // A system call has as many parameters as it has.
  assert.deepEqual(ignoring, ['src/process/scatter-memory.ts']);
});

/** Files of src/ in which something breaks the rules, wherever these are let off. */
function filesOver(complexity: object): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-lint-'));
  try {
    const rules = { preset: 'none', complexity };
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ linter: { rules } }));
    // One that must be found: else nothing would be when biome has other options one day.
    const probe = join(folder, 'probe.ts');
    writeFileSync(
      probe,
      'export function f(a: 1, b: 2, c: 3, d: 4, e: 5, f: 6) { return [a, b, c, d, e, f]; }\n',
    );
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(repository, 'node_modules/@biomejs/biome/bin/biome'),
        ...['lint', `--config-path=${folder}`, '--reporter=github', '--max-diagnostics=1000'],
        ...[join(repository, 'src'), probe],
      ],
      { cwd: repository, encoding: 'utf8' },
    );
    const files = [...stdout.matchAll(/^::error .*\bfile=([^,]+),/gm)].map(([, file]) => file!);
    assert.ok(files.includes(probe), stdout);
    return new Set(
      files
        .filter((file) => file.startsWith(repository) && !file.endsWith('.test.ts'))
        .map((file) => file.slice(repository.length)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
