import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { main } from '../support/command.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const root = new URL('../../../', import.meta.url).pathname;

/** Files of ours, and of packages, that are within each file of the bundle. */
const bundle: Record<string, { readonly inputs: Record<string, unknown> }> = JSON.parse(
  readFileSync(`${root}dist/bundle.json`, 'utf8'),
);

/** Shows which files the main thread has loaded in the end, and which modules of Node: `node:fs`. */
const tracer = `
if (require('node:worker_threads').isMainThread)
  process.on('exit', () => {
    const own = process.moduleLoadList.map((line) => line.replace(/^NativeModule /, 'node:'));
    require('node:fs').writeFileSync(process.env.LOADED, [...Object.keys(require.cache), ...own].join('\\n'));
  });
`;

/** What the command loads, by the names of sources, such as `src/cli/main.ts`, and of Node's modules. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loading-'));
  try {
    const preload = join(folder, 'tracer.cjs');
    const loaded = join(folder, 'loaded');
    writeFileSync(preload, tracer);
    const words = ['--require', preload, main, ...args.map((word) => word.replace('FOLDER', folder))];
    const child = spawn(process.execPath, words, {
      env: { ...process.env, LOADED: loaded },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
    return readFileSync(loaded, 'utf8')
      .split('\n')
      .filter((file) => file !== preload)
      .flatMap((file) => {
        if (!file.startsWith('/')) return [file];
        const path = relative(root, file);
        return bundle[path] ? Object.keys(bundle[path].inputs) : [path];
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Those of `parts` that are somewhere in the names. */
const among = (files: readonly string[], parts: readonly string[]) =>
  parts.filter((part) => files.some((file) => file.includes(part)));

const native = ['node_modules/koffi/', '.node'];
/** Nothing that help or `dump` has a use for. */
const programs = ['node:child_process', 'node:crypto', 'node:zlib'];
const screens = ['src/tui/top/', 'src/cli/top/', 'string-width', '@clack'];
const recordings = ['src/recording/', 'src/disk/read-recording'];
const otherFormats = ['src/formats/html/', 'src/formats/flamegraph/svg', 'pprof-format'];
/** Of nobody who does not push. */
const deliveries = ['src/delivery/', 'src/agent/agent.ts', 'src/formats/series-pprof'];
const readers = ['src/cpython/', 'src/sampler/', 'src/process/'];

test('help loads no native code, and nothing that reads processes', async () => {
  for (const args of [['--version'], ['record', '--help'], ['completions', 'bash']]) {
    const files = await loadedBy(...args);
    assert.ok(files.includes('src/cli/main.ts'));
    assert.deepEqual(
      among(files, [...native, ...screens, ...recordings, ...deliveries, 'src/cpython/', 'src/sampler/']),
      [],
    );
  }
});

test('each command loads what it needs, and no more', () =>
  withTarget(anyPython(), programFile('busy.py'), async ({ pid }) => {
    const dump = await loadedBy('dump', '-p', `${pid}`);
    assert.deepEqual(among(dump, [...native, ...readers]), [...native, ...readers]);
    assert.deepEqual(
      among(dump, [...programs, ...screens, ...recordings, ...otherFormats, 'src/sampler/sampling']),
      [],
    );

    // The sampler is loaded by its thread.
    const record = await loadedBy('record', '-d', '0.1', '-o', 'FOLDER/x.pyglass', '-p', `${pid}`);
    assert.deepEqual(among(record, [...recordings, ...native]), [...recordings, ...native]);
    assert.deepEqual(among(record, [...screens, ...deliveries, 'src/cpython/', 'src/sampler/snapshot']), []);

    const top = await loadedBy('top', '--once', '-d', '0.1', '-p', `${pid}`);
    assert.deepEqual(among(top, ['src/tui/top/']), ['src/tui/top/']);
    assert.deepEqual(among(top, ['@clack', ...deliveries, 'src/cpython/']), []);
  }));

test('a package that is outside the bundle is one that is installed', () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const outside = new Set<string>();
  for (const file of Object.keys(bundle)) {
    const text = readFileSync(root + file, 'utf8');
    for (const [, name] of text.matchAll(/require\("((?!node:)[^."][^"]*)"\)/g)) outside.add(name!);
  }
  assert.deepEqual([...outside], Object.keys(dependencies));
  assert.ok(dirname(main).endsWith('dist/bundle'));
});
