import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { repository, textOf } from '../support/repository.js';

/**
 * The package as npm publishes it, installed into an empty folder without the network: what is not in it is not there.
 */

interface PackageFile {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const ours: PackageFile = JSON.parse(textOf('package.json'));
let folder = '';
let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

/** An npm that is run by `npm test` must not take its settings from that. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pyglass-package-'));
  const options = ['--ignore-scripts', '--json', `--pack-destination=${folder}`];
  const json = npm(folder, 'pack', ...options, repository);
  [packed] = JSON.parse(json);
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }');
  // What npm would fetch, and no more: an import of anything else fails.
  for (const name of dependenciesOf(packedPackage())) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(repository, 'node_modules', name), target, { recursive: true });
  }
  npm(
    folder,
    ...['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'],
    ...[`--cache=${join(folder, 'cache')}`, `./${packed.filename}`],
  );
});

after(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...words: string[]): string {
  return execFileSync('npm', words, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function packedPackage(): PackageFile {
  const archive = join(folder, packed.filename);
  return JSON.parse(execFileSync('tar', ['xzOf', archive, 'package/package.json'], { encoding: 'utf8' }));
}

/** Names of all that is needed, as far as it is installed: what is optional may be for other machines. */
function dependenciesOf(root: PackageFile): Set<string> {
  const found = new Set<string>();
  const visit = ({ dependencies, optionalDependencies }: PackageFile) => {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const file = join(repository, 'node_modules', name, 'package.json');
      if (found.has(name) || !existsSync(file)) continue;
      found.add(name);
      visit(JSON.parse(readFileSync(file, 'utf8')));
    }
  };
  visit(root);
  return found;
}

function pyglass(...words: string[]) {
  return spawnSync(join(folder, 'node_modules/.bin/pyglass'), words, { cwd: folder, env, encoding: 'utf8' });
}

test('the package has its documents, and no tests', () => {
  const paths = packed.files.map(({ path }) => path);
  for (const path of ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/outputs.md', 'package.json'])
    assert.ok(paths.includes(path), path);
  assert.deepEqual(
    paths.filter((path) => /\.test\.|^(dist\/)?tests?\/|^(src|tools|benchmarks)\//.test(path)),
    [],
  );
});

test('the package has the licenses of all that is within it', () => {
  const text = readFileSync(join(folder, 'node_modules/pyglass/dist/bundle/LICENSES.txt'), 'utf8');
  const titles = text.split(`\n${'-'.repeat(80)}\n\n`).map((part) => part.split(/[,\n]/)[0]!);
  // Also of what is within a package, and of what something was generated from.
  for (const name of ['commander', 'undici', 'preact', 'llhttp', 'opentelemetry-proto'])
    assert.ok(titles.includes(name), `${name} of ${titles}`);
});

test('once installed, pyglass says its version', () => {
  const { status, stdout, stderr } = pyglass('--version');
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${ours.version}\n`, stderr: '' });
});

test('once installed, pyglass has help, of each command too', () => {
  const { status, stdout, stderr } = pyglass('--help');
  assert.equal(status, 0, stderr);
  for (const command of ['ps', 'record', 'dump', 'top', 'report']) {
    assert.match(stdout, new RegExp(`^ +${command}\\b`, 'm'));
    const help = pyglass(command, '--help');
    assert.equal(help.status, 0, help.stderr);
    assert.match(help.stdout, new RegExp(`^Usage: pyglass ${command}`, 'm'));
  }
});

test('once installed, pyglass lists processes', () => {
  const { status, stdout, stderr } = pyglass('ps', '--json');
  assert.equal(status, 0, stderr);
  assert.ok(Array.isArray(JSON.parse(stdout).processes));
});

test('once installed, it can be imported', () => {
  const program = "const { PyglassError } = await import('pyglass'); console.log(typeof PyglassError)";
  const words = ['--input-type=module', '-e', program];
  assert.equal(execFileSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8' }), 'function\n');
});
