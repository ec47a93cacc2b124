// Runs the tests that need no Python, and fails when less of a folder of src/ is covered than coverage-floors.json says
// (per cent of lines). What only a live process exercises counts as not covered here, so folders that read one have low
// floors.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runUnitTests } from './unit-tests.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const floors = JSON.parse(readFileSync(join(root, 'tools/coverage-floors.json'), 'utf8'));
/** Of a folder that is not in the list yet. */
const usualFloor = 50;

const built = readdirSync(join(root, 'dist'), { recursive: true });
const reports = await runUnitTests({ counts: true });
process.exitCode = compare(sumByFolder(linesByFile(reports))) ? 0 : 1;

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
