import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formats } from '../../src/formats/formats.js';
import type { Written } from '../support/large-recordings.js';

const program = fileURLToPath(new URL('../support/large-recordings.js', import.meta.url));

/** Writes a recording in a process that may have so much of a heap; what needs more ends it. */
function written(heapMegabytes: number, ...words: readonly string[]): Written {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${heapMegabytes}`, program, ...words],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, `${words.join(' ')}: ${stderr.slice(0, 2000)}`);
  const result: Written = JSON.parse(stdout);
  assert.ok(result.longestPiece < 4 << 20, `${words.join(' ')}: a piece of ${result.longestPiece}`);
  return result;
}

const ids = formats.map(({ id }) => id);

test('a stack of 60,000 frames in every view', () => {
  for (const format of ids) assert.ok(written(300, 'deep', format).characters < 500e6);
  assert.equal(written(300, 'deep', 'top').lines, 100);
});

test('a deep stack of which nothing is shown, and time at every frame of one', () => {
  for (const words of [
    ['flamegraph', '1', 'application'],
    ['raw', '1', 'application'],
    ['summary'],
    ['summary-json'],
  ]) {
    written(300, 'deep-in-c', ...words);
  }
});

test('50 stacks of 3,000 frames in every view', () => {
  for (const format of ids) written(300, 'many-deep', format, '50');
  const { lines, characters } = written(300, 'many-deep', 'raw', '50');
  assert.equal(lines, 50);
  assert.ok(characters > 50 * 3000 * 200);
});

test('as many stacks as a program of many requests has do not need gigabytes', () => {
  assert.equal(written(250, 'stacks', 'raw', '40000').lines, 40_000);
});

test('200,000 threads are a list, not arguments of a call', () => {
  assert.ok(written(500, 'threads', 'speedscope').lines > 200_000);
  for (const format of ['pprof', 'chrometrace']) assert.ok(written(500, 'threads', format).characters > 5e6);
});

test('long names that repeat are cut in every view', () => {
  for (const format of ids) {
    const { characters } = written(300, 'long-names', format);
    assert.ok(characters < 100e6, `${format}: ${characters}`);
  }
  for (const format of ['raw', 'flamegraph']) {
    assert.ok(written(300, 'command-line', format).characters < 100_000);
    assert.ok(written(400, 'functions', format).characters < 100_000);
  }
});
