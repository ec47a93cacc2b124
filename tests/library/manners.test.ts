import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { errorCodes } from '../../src/index.js';
import { anyPython } from '../support/pythons.js';
import { programFile, withTarget } from '../support/targets.js';

const root = new URL('../../../', import.meta.url).pathname;
const library = new URL('../../src/index.js', import.meta.url).href;

/** Uses all of it, and says afterwards who listens to what. */
const user = `
import { attach, listPythons, readRecording, record, snapshot } from ${JSON.stringify(library)};
const pid = Number(process.argv[1]);
const listeners = () => process.eventNames().map((name) => String(name)).sort().join();
const before = listeners();
const during = [];
let seen;
const first = new Promise((resolve) => { seen = resolve; });
const recording = await record({ pid, onSample: () => seen() });
await first;
during.push(listeners());
await recording.stop();
await recording[Symbol.asyncDispose]();
const sampling = await attach(pid, { duration: 0.1 });
await sampling.finished;
await snapshot(pid, { locals: true });
await listPythons();
await attach(process.pid).catch(() => {});
try { readRecording('/none'); } catch {}
during.push(listeners());
process.stdout.write(JSON.stringify({ before, during }));
`;

test('nothing is printed, no signal is listened to, and nothing keeps the process', () =>
  withTarget(anyPython(), programFile('service.py'), async ({ pid }) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', user, String(pid)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
    try {
      const [code] = await once(child, 'close');
      assert.deepEqual([code, said.stderr], [0, '']);
      const { before, during } = JSON.parse(said.stdout);
      for (const then of during) assert.equal(then, before);
    } finally {
      child.kill('SIGKILL');
    }
  }));

const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);

/** What is loaded with the library, and in its threads. */
function loaded(): Set<string> {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(`${root}src/${file}`, 'utf8');
    for (const [, path] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)\.js'/gm))
      visit(normalize(join(dirname(file), `${path}.ts`)));
  };
  for (const file of ['index.ts', 'sampler/sampler-thread.ts', 'sampler/child-finder-thread.ts']) visit(file);
  return files;
}

test('what the library is made of does not print, listen to signals or end the process', () => {
  const rude = /console\.|process\.(?:exit\b|exitCode|on\(|once\()|process\.std(?:out|err)/;
  const files = loaded();
  const wrong = [...files].filter((file) => rude.test(readFileSync(`${root}src/${file}`, 'utf8')));
  assert.deepEqual(wrong, []);
  assert.ok(files.size > 50);
  assert.deepEqual(
    [...files].filter((file) => file.startsWith('cli/')),
    [],
  );
});

test('each code of an error is made somewhere, and described', () => {
  const code = sources
    .filter((file) => file !== 'model/error.ts' && file !== 'cli/explain-error.ts')
    .map((file) => readFileSync(`${root}src/${file}`, 'utf8'))
    .join('\n');
  const text = readFileSync(`${root}docs/library.md`, 'utf8');
  assert.deepEqual(
    errorCodes.filter((one) => !code.includes(`'${one}'`)),
    [],
  );
  assert.deepEqual(
    errorCodes.filter((one) => !text.includes(`\`${one}\``)),
    [],
  );
});
