// Breaks one rule of the sampler at a time (tools/mutants.txt) and runs the tests that need no Python: each such mutant
// must make one of them fail. `npm run mutants`, or `npm run mutants -- PART` for those whose file or name has PART.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The checkout once more, for each of a few at the same time: links to all but dist/, in which a file is broken. */
const copies = join(root, '.cache/mutants', `${process.pid}`);
/** Those that take a few seconds run only when all others pass. */
const rounds = [
  /^(src\/sampler\/(stacks|evidence)\/|src\/sampler\/name-check|src\/cpython\/stack\/|tests\/simulator\/moments)/,
  /^(src\/sampler\/(?!attach|child-finder|start-sampling)|tests\/simulator\/|tests\/images\/sampling\.)/,
  /^(src\/memory\/|src\/cpython\/(collector-|greenlets\/)|tests\/images\/(tasks|requests|greenlets|known-[a-z-]+)\.)/,
];
/** They say what is in the table of evidence, not what that does for a stack. */
const notAsked = /evidence\/evidence/;
/** Milliseconds; a mutant that never ends is found as well. */
const longest = 120_000;

const wanted = process.argv.slice(2);
const mutants = readMutants().filter(
  ({ file, name }) => wanted.length === 0 || wanted.some((part) => `${file} ${name}`.includes(part)),
);
const files = readdirSync(join(root, 'dist'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.test.js') && !notAsked.test(file))
  .sort()
  .reverse();
const ofRounds = rounds.map((round, at) =>
  files.filter((file) => round.test(file) && !rounds.slice(0, at).some((before) => before.test(file))),
);
const counts = { killed: 0, SURVIVED: 0, 'not found': 0 };
const unbroken = await killer(copyOf('whole'));
if (unbroken !== '') throw new Error(`without any mutant a test fails: ${unbroken}`);
let next = 0;
await Promise.all(Array.from({ length: availableParallelism() }, (_, worker) => work(copyOf(`${worker}`))));
rmSync(copies, { recursive: true, force: true });
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', '),
);
process.exitCode = counts.killed === mutants.length && mutants.length > 0 ? 0 : 1;

async function work(copy) {
  for (let mutant = mutants[next++]; mutant; mutant = mutants[next++]) {
    const result = await resultOf(mutant, copy);
    counts[result.split(':')[0]]++;
    console.log(`${mutant.file.slice(4, -3)}: ${mutant.name}: ${result}`);
  }
}

/** One a line, `name ::: text ::: its replacement`, below `# file`. */
function readMutants() {
  const found = [];
  let file = '';
  for (const line of readFileSync(join(root, 'tools/mutants.txt'), 'utf8').split('\n')) {
    if (line.startsWith('# ')) file = line.slice(2);
    else if (file && line.includes(':::')) {
      const [name, from, to] = line.split(':::').map((part) => part.trim().replaceAll('\\n', '\n'));
      found.push({ file, name, from, to });
    }
  }
  return found;
}

function copyOf(name) {
  const copy = join(copies, name);
  mkdirSync(copy, { recursive: true });
  for (const entry of readdirSync(root))
    if (!['dist', '.git', '.cache'].includes(entry)) symlinkSync(join(root, entry), join(copy, entry));
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  return copy;
}

async function resultOf({ file, from, to }, copy) {
  const source = readFileSync(join(root, file), 'utf8');
  if (source.split(from).length !== 2) return 'not found: its text is not there once';
  const { code } = transformSync(
    source.replace(from, () => to),
    {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    },
  );
  const built = join(copy, 'dist', file.replace(/\.ts$/, '.js'));
  const whole = readFileSync(built);
  writeFileSync(built, code);
  const test = await killer(copy);
  writeFileSync(built, whole);
  return test === '' ? 'SURVIVED' : `killed: ${test}`;
}

/** The first test that fails; empty: none does. */
async function killer(copy) {
  for (const tests of ofRounds) {
    const test = await firstFailure(copy, tests);
    if (test !== '') return test;
  }
  return '';
}

/** All tests run in one process, which saves most of the time. */
function firstFailure(copy, tests) {
  const imports = tests.map(
    (file) => `await import(${JSON.stringify(pathToFileURL(join(copy, 'dist', file)))});`,
  );
  const args = ['--test-reporter=tap', '--input-type=module', '-e', imports.join('\n')];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    let text = '';
    let found = '';
    const timer = setTimeout(() => {
      found ||= 'it did not end';
      child.kill('SIGKILL');
    }, longest);
    child.stdout.on('data', (data) => {
      text += data;
      found ||= /^not ok \d+ - (.*)$/m.exec(text)?.[1] ?? '';
      if (found) child.kill('SIGKILL');
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve(found || (status === 0 ? '' : `status ${status}`));
    });
  });
}
