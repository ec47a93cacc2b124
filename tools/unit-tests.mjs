// Which tests need no Python, and how they are run: by as many processes as there are processors, files that take long
// first. `npm run unit` runs them, `npm run coverage` counts what they cover.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** It runs npm, not ours. */
const notOurs = 'tests/house/package.test.js';
const isUnitTest = (file) =>
  file.endsWith('.test.js') &&
  /^(src|tests\/(?:fuzz|house|images|simulator))\/|^tests\/(architecture|core-files\/(damaged|image))/.test(
    file,
  ) &&
  file !== notOurs;
/**
 * CPU seconds of the files that take most, so that each process has as much to do: dealt in turn by their names, most
 * of them were in one.
 */
const seconds = {
  'src/analysis/diff/diff.test.js': 2,
  'src/recording/contexts.test.js': 1.5,
  'src/recording/limits.test.js': 3,
  'src/web/diff.test.js': 7.5,
  'src/web/many-pieces.test.js': 1.5,
  'tests/core-files/damaged-cores.test.js': 3,
  'tests/core-files/image-cores.test.js': 3.5,
  'tests/fuzz/fuzz.test.js': 3.5,
  'tests/images/damaged-images.test.js': 8,
  'tests/images/images.test.js': 3,
  'tests/images/learn-ahead.test.js': 1.5,
  'tests/images/no-symbols.test.js': 1.5,
  'tests/images/request-reads.test.js': 2.5,
  'tests/images/requests.test.js': 1.5,
  'tests/images/sampling-loop.test.js': 1.5,
  'tests/simulator/simulator.test.js': 2.5,
};
const secondsOfOthers = 0.1;

/**
 * Runs them all and prints how long that took. With `counts` returns what each process covered, as LCOV. Throws when a
 * test failed, once all have ended.
 */
export async function runUnitTests({ counts }) {
  const tests = readdirSync(join(root, 'dist'), { recursive: true }).filter(isUnitTest).sort();
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-unit-'));
  const began = performance.now();
  const took = [];
  let haveFailed = false;
  try {
    const reports = await Promise.all(
      shared(tests, availableParallelism()).map(async (files, at) => {
        const report = counts ? join(folder, `${at}.info`) : undefined;
        if (!(await pass(files, join(folder, `${at}.txt`), report))) haveFailed = true;
        took.push(((performance.now() - began) / 1000).toFixed(1));
        return report && readFileSync(report, 'utf8');
      }),
    );
    console.log(`\nunit tests: ${tests.length} files; the processes took ${took.join(' and ')} s`);
    if (haveFailed) throw new Error('some unit tests failed');
    return reports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files for each process: the longest first, each for the one that has least to do. */
function shared(files, processes) {
  for (const file of Object.keys(seconds))
    if (!files.includes(file))
      throw new Error(`there is no ${file}; take it out of the list in tools/unit-tests.mjs`);
  const costOf = (file) => seconds[file] ?? secondsOfOthers;
  const shares = Array.from({ length: processes }, () => ({ cost: 0, files: [] }));
  for (const file of [...files].sort((a, b) => costOf(b) - costOf(a))) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.cost += costOf(file);
    least.files.push(file);
  }
  return shares.map((share) => share.files.sort());
}

/** Whether they all pass, in one process, which takes a third less than one for each file. Prints what failed. */
function pass(files, log, report) {
  const imports = files.map(
    (file) => `await import(${JSON.stringify(pathToFileURL(join(root, 'dist', file)))});`,
  );
  const counting = report
    ? ['--experimental-test-coverage', '--test-reporter=lcov', `--test-reporter-destination=${report}`]
    : [];
  const child = spawn(
    process.execPath,
    [
      ...counting,
      ...['--test-reporter=dot', '--test-reporter-destination=stdout'],
      ...['--test-reporter=spec', `--test-reporter-destination=${log}`],
      ...['--input-type=module', '-e', imports.join('\n')],
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) {
        const text = readFileSync(log, 'utf8');
        console.log(`\n${text.slice(Math.max(0, text.lastIndexOf('failing tests:')))}`);
      }
      resolve(status === 0);
    });
  });
}
