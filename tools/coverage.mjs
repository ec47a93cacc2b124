// Runs the tests that need no Python, and fails when less of a folder of src/ is covered than coverage-floors.json says
// (per cent of lines). What only a live process exercises counts as not covered here, so folders that read one have low
// floors.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const floors = JSON.parse(readFileSync(join(root, 'tools/coverage-floors.json'), 'utf8'));
/** Of a folder that is not in the list yet. */
const usualFloor = 50;

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
  'src/recording/contexts.test.js': 1.5,
  'src/recording/limits.test.js': 3,
  'src/web/diff.test.js': 6,
  'src/web/many-pieces.test.js': 1.5,
  'tests/core-files/damaged-cores.test.js': 3,
  'tests/core-files/image-cores.test.js': 3,
  'tests/fuzz/fuzz.test.js': 3.5,
  'tests/images/damaged-images.test.js': 10,
  'tests/images/images.test.js': 3,
  'tests/images/learn-ahead.test.js': 1.5,
  'tests/images/no-symbols.test.js': 1.5,
  'tests/images/request-reads.test.js': 2.5,
  'tests/images/requests.test.js': 1.5,
  'tests/images/sampling-loop.test.js': 1.5,
  'tests/simulator/simulator.test.js': 2.5,
};
const secondsOfOthers = 0.1;
const built = readdirSync(join(root, 'dist'), { recursive: true });
const tests = built.filter(isUnitTest).sort();

const folder = mkdtempSync(join(tmpdir(), 'pyglass-coverage-'));
const began = performance.now();
try {
  const took = [];
  const reports = await Promise.all(
    shared(tests, availableParallelism()).map(async (files, at) => {
      const report = await coverageOf(files, join(folder, `${at}.info`));
      took.push(((performance.now() - began) / 1000).toFixed(1));
      return report;
    }),
  );
  console.log(`\nunit tests: ${tests.length} files; the processes took ${took.join(' and ')} s`);
  process.exitCode = compare(sumByFolder(linesByFile(reports))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Files for each process: the longest first, each for the one that has least to do. */
function shared(files, processes) {
  for (const file of Object.keys(seconds))
    if (!files.includes(file))
      throw new Error(`there is no ${file}; take it out of the list in tools/coverage.mjs`);
  const costOf = (file) => seconds[file] ?? secondsOfOthers;
  const shares = Array.from({ length: processes }, () => ({ cost: 0, files: [] }));
  for (const file of [...files].sort((a, b) => costOf(b) - costOf(a))) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.cost += costOf(file);
    least.files.push(file);
  }
  return shares.map((share) => share.files.sort());
}

/** Runs tests in one process, which takes a third less than one for each file. Returns what it covered as LCOV. */
function coverageOf(files, report) {
  const imports = files.map(
    (file) => `await import(${JSON.stringify(pathToFileURL(join(root, 'dist', file)))});`,
  );
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-test-coverage', '--test-reporter=lcov', `--test-reporter-destination=${report}`],
      ...['--test-reporter=dot', '--test-reporter-destination=stdout'],
      ...['--input-type=module', '-e', imports.join('\n')],
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(readFileSync(report, 'utf8'));
      else reject(new Error('some unit tests failed: `npm test` says which'));
    });
  });
}

/** [covered, all] lines of each file that was loaded, by its path in dist/. */
function linesByFile(reports) {
  const counts = new Map();
  let file = '';
  for (const line of reports.join('\n').split('\n')) {
    const [kind, value] = [line.slice(0, 3), line.slice(3)];
    if (kind === 'SF:') {
      file = value.replace(/^.*?dist\//, '');
      if (!counts.has(file)) counts.set(file, new Map());
    } else if (kind === 'DA:') {
      const [number, count] = value.split(',');
      const lines = counts.get(file);
      lines.set(number, (lines.get(number) ?? 0) + Number(count));
    }
  }
  const found = new Map();
  for (const [path, lines] of counts) {
    const covered = [...lines.values()].filter((count) => count > 0).length;
    found.set(path, [covered, lines.size]);
  }
  return found;
}

/** The same for the folders of src/. Files that no test loads count whole, those that hold nothing but types do not. */
function sumByFolder(loaded) {
  const sums = new Map();
  for (const file of built) {
    if (
      !/^src\/.*\/.*\.js$/.test(file) ||
      /\.(test|generated)\.js$|\/viewer\/|\/web\/(main|store|live-feed|load-payload|colors|keys|[a-z]+-paint)\.js$|\/(layouts|opcodes)\/python/.test(
        file,
      )
    )
      continue;
    // What was built of a file that is gone.
    if (!sourceExists(file)) continue;
    const text = readFileSync(join(root, 'dist', file), 'utf8');
    if (!loaded.has(file) && /^(\s|\/\*[\s\S]*?\*\/|\/\/.*)*export \{\};\s*$/.test(text)) continue;
    const [covered, all] = loaded.get(file) ?? [0, text.split('\n').length];
    const name = file.split('/')[1];
    const sum = sums.get(name) ?? [0, 0];
    sums.set(name, [sum[0] + covered, sum[1] + all]);
  }
  return sums;
}

function sourceExists(file) {
  const source = join(root, file.replace(/\.js$/, '.ts'));
  return readdirSync(join(source, '..')).includes(source.slice(source.lastIndexOf('/') + 1));
}

function compare(sums) {
  let isEnough = true;
  for (const [name, [covered, all]] of [...sums].sort()) {
    const percent = (covered / all) * 100;
    const floor = floors[name] ?? usualFloor;
    const short = percent < floor;
    if (short) isEnough = false;
    const note = short ? '  BELOW: add tests' : percent > floor + 5 ? '  far above: raise the floor' : '';
    console.log(`${name.padEnd(12)} ${percent.toFixed(1).padStart(5)} %   floor ${floor}${note}`);
  }
  for (const name of Object.keys(floors)) {
    if (sums.has(name)) continue;
    isEnough = false;
    console.log(`${name}: there is no such folder; take it out of tools/coverage-floors.json`);
  }
  return isEnough;
}
