import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { snapshot } from '../../src/index.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const root = new URL('../../../', import.meta.url).pathname;
const python = anyPython();
const service = programFile('service.py');

/** The programs of docs/library.md, by the heading above them. */
function examples(): Map<string, string> {
  const text = readFileSync(`${root}docs/library.md`, 'utf8');
  const found = text.matchAll(/^## (.+)\n[^#]*?```ts\n([\s\S]*?)```/gm);
  return new Map([...found].map(([, heading, code]) => [heading!, code!]));
}

/** Within the package, where its own name leads to it. */
async function inPackage<T>(act: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(`${root}dist/examples-`);
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs an example in `folder`; with other words in place of those that only a reader's machine has. */
async function run(folder: string, heading: string, args: string[], changes: Record<string, string> = {}) {
  let code = examples().get(heading)!;
  for (const [from, to] of Object.entries(changes)) {
    assert.ok(code.includes(from), from);
    code = code.replace(from, to);
  }
  const { code: script } = transformSync(code, { loader: 'ts', format: 'esm', target: 'node20' });
  writeFileSync(`${folder}/example.mjs`, script);
  return promisify(execFile)(process.execPath, ['example.mjs', ...args], { cwd: folder });
}

const recorded = {
  "['python3', 'app.py']": JSON.stringify([...python.command, python.place(service)]),
  'duration: 5,': 'duration: 1,',
};

test('the examples are right for the compiler', () =>
  inPackage((folder) => {
    for (const [heading, code] of examples())
      writeFileSync(`${folder}/${heading.toLowerCase().replaceAll(' ', '-')}.mts`, code);
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({
        compilerOptions: {
          ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: ['node'] },
          ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'ESNext.Disposable'] },
        },
      }),
    );
    assert.deepEqual(
      [...examples().keys()],
      [
        ...['Record a program', 'Say which job runs', 'Stream samples', 'Look once', 'Read a recording'],
        'Compare two recordings',
      ],
    );
    try {
      execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder]);
    } catch (error) {
      assert.fail(String((error as { stdout: Buffer }).stdout));
    }
  }));

test('a program is recorded, and a recording read', () =>
  inPackage(async (folder) => {
    const { stdout, stderr } = await run(folder, 'Record a program', [], recorded);
    assert.equal(stderr, '');
    // The program says `ready`, in our terminal.
    const [first, ...lines] = stdout.replace('ready\n', '').split('\n');
    assert.match(first!, /^duration: \d+ samples, \d+ torn, \d+ ticks missed$/);
    assert.ok(
      lines.slice(0, 2).some((line) => / s {2}slow_route service\.py$/.test(line)),
      stdout,
    );
    assert.match(readFileSync(`${folder}/profile.svg`, 'utf8'), /slow_route/);

    const read = await run(folder, 'Read a recording', []);
    assert.equal(read.stderr, '');
    assert.match(read.stdout, /flamegraph: /);
    assert.match(read.stdout, /\{ service: 'shop' \} \[[^\]]*'slow_route'/);
    assert.match(read.stdout, /^[\d.]+ s waited/m);
    assert.ok(existsSync(`${folder}/run.svg`));

    const recordings = { 'before.pyglass': 'run.pyglass', 'after.pyglass': 'run.pyglass' };
    const compared = await run(folder, 'Compare two recordings', [], recordings);
    assert.deepEqual([compared.stdout, compared.stderr], ['', '']);
  }));

test('what is sampled is told apart by job', () =>
  withTarget(python, service, ({ pid }) =>
    inPackage(async (folder) => {
      const { processes } = await snapshot(pid);
      const { threadId } = processes[0]!.threads.find(({ name }) => name === 'server')!;
      const args = [String(pid), String(threadId)];
      const { stdout, stderr } = await run(folder, 'Say which job runs', args, { '2000': '500' });
      assert.equal(stderr, '');
      assert.match(stdout, /import: [\d.]+/);
      assert.match(stdout, /export: [\d.]+/);
    }),
  ));

test('samples are streamed', () =>
  withTarget(python, service, ({ pid }) =>
    inPackage(async (folder) => {
      const { stdout, stderr } = await run(folder, 'Stream samples', [String(pid)]);
      assert.equal(stderr, '');
      assert.match(stdout, /'server;[^']*dispatch:\d+;slow_route:7;time\.sleep \(waiting\)' => [\d.]+/);
    }),
  ));

test('a process is looked at once', () =>
  withTarget(python, service, ({ pid }) =>
    inPackage(async (folder) => {
      const { stdout, stderr } = await run(folder, 'Look once', [String(pid)]);
      assert.equal(stderr, '');
      assert.match(stdout, new RegExp(`^${pid} .*service\\.py`, 'm'));
      assert.match(stdout, /^server: /m);
      assert.match(stdout, /^ {2}dispatch service\.py:13/m);
      assert.doesNotMatch(stdout, /not-to-be-shown/);
      const { stderr: error } = await run(folder, 'Look once', [String(process.pid)]);
      assert.match(error, /^not-python process \d+ is not Python/);
    }),
  ));
