import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { RecordingFile } from '../../src/disk/recording-file.js';
import { RecordingEncoder } from '../../src/recording/recording-encoder.js';
import { pyglass } from '../support/pyglass.js';
import { withFolder } from '../support/recordings.js';

/** Three seconds of a loop: `work` for so many samples of twenty, `rest` for the others. */
function writeRun(path: string, work: number, ticks = 3000): void {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'python app.py' });
  const process = encoder.defineProcess({
    ...{ pid: 7, parentPid: 1, commandLine: ['python', 'app.py'], pythonVersion: '3.12.1' },
  });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const frameOf = (name: string) => {
    const about = {
      kind: 'python',
      name,
      qualifiedName: name,
      file: '/x/app.py',
      shortFile: 'app.py',
    } as const;
    return encoder.defineFrame(encoder.defineFunction({ ...about, firstLine: 1 }), 2);
  };
  const main = encoder.defineStack(0, frameOf('main'));
  const stacks = ['work', 'rest'].map((name) => encoder.defineStack(main, frameOf(name)));
  for (let tick = 0; tick <= ticks; tick++) {
    encoder.beginTick(process, tick * 1000);
    if (tick > 0) encoder.sample(thread, stacks[tick % 20 < work ? 0 : 1]!, 0);
    encoder.endTick();
  }
  encoder.finish(ticks * 1000);
  const file = new RecordingFile(path, false);
  file.append(encoder.takeBlock()!);
  file.close();
}

/** `a`: a quarter of the time in `work`; `b`: half of it. */
const withRuns = (act: (a: string, b: string, folder: string) => Promise<void>) =>
  withFolder(async (folder) => {
    writeRun(`${folder}/a.pyglass`, 5);
    writeRun(`${folder}/b.pyglass`, 10);
    await act(`${folder}/a.pyglass`, `${folder}/b.pyglass`, folder);
  });

test('diff prints what changed, and writes a picture of it', () =>
  withRuns(async (a, b, folder) => {
    const { status, stdout, stderr } = await pyglass('diff', a, b, '-o', `${folder}/diff.svg`);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^work \(app\.py\) grew by 250 ms \(± [\d.]+ ms\) per second, from 250 ms to 500 ms: \+100%\.$/m,
    );
    assert.match(stdout, /^rest \(app\.py\) shrank by 250 ms/m);
    assert.equal(stderr, `Wrote ${folder}/diff.svg.\n`);
    assert.match(readFileSync(`${folder}/diff.svg`, 'utf8'), /<tspan class="mark">\+100% <\/tspan>/);
  }));

test('of each program there may be several recordings', () =>
  withRuns(async (a, b, folder) => {
    writeRun(`${folder}/c.pyglass`, 6);
    const { status, stdout } = await pyglass('diff', '--before', a, `${folder}/c.pyglass`, '--after', b);
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}2 recordings · /m);
    assert.match(stdout, /^work \(app\.py\) grew by 22[45] ms .* from 27[56] ms to 500 ms/m);
    const json = await pyglass('diff', '--json', '--after', b, b, '--before', a);
    const { before, after } = JSON.parse(json.stdout);
    assert.deepEqual([before.recordings, after.recordings, after.seconds], [1, 2, 6]);
  }));

test('what to compare must be clear', () =>
  withRuns(async (a, b) => {
    for (const args of [[a], [a, b, '--after', b], ['--before', a], [a, '--before', a, '--after', b]]) {
      const { status, stderr } = await pyglass('diff', ...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /diff compares two recordings.*\n.*\n\s+pyglass diff BEFORE AFTER\n/);
    }
  }));

test('what is written follows from the ending, or from -f', () =>
  withRuns(async (a, b, folder) => {
    const written = async (name: string, ...flags: string[]) => {
      const { status, stderr } = await pyglass('diff', a, b, '-o', `${folder}/${name}`, ...flags);
      assert.deepEqual([status, stderr], [0, `Wrote ${folder}/${name}.\n`]);
      return readFileSync(`${folder}/${name}`, 'utf8');
    };
    const page = await written('diff.html');
    assert.match(page, /^<!doctype html>/);
    assert.match(page, /<p>work \(app\.py\) grew by 250 ms/);
    assert.match(await written('other.html', '-f', 'svg'), /^<\?xml [\s\S]*<\/svg>\n$/);
    assert.match(await written('diff', '-f', 'html'), /^<!doctype html>/);
    assert.match(await written('picture'), /^<\?xml /);
    const { stdout } = await pyglass('diff', a, b, '-o', '-', '-f', 'html');
    assert.match(stdout, /^<!doctype html>[\s\S]*<\/html>\n$/);
  }));

test('a recording and itself are the same', () =>
  withRuns(async (a) => {
    const { status, stdout } = await pyglass('diff', a, a, '--fail-above', '0%');
    assert.deepEqual(
      [status, stdout.endsWith('\nNo difference: all times are the same in both.\n')],
      [0, true],
    );
  }));

test('--json is one object, and a picture on standard output is alone there', () =>
  withRuns(async (a, b) => {
    const json = JSON.parse((await pyglass('diff', a, b, '--json')).stdout);
    assert.deepEqual([json.version, json.per, json.functions[0].function], [1, 'second', 'work']);
    assert.ok(Math.abs(json.functions[0].self.changeSeconds - 0.25) < 0.002);
    const { stdout } = await pyglass('diff', a, b, '-o', '-');
    assert.match(stdout, /^<\?xml [\s\S]*<\/svg>\n$/);
  }));

test('--fail-above ends with 8 and says what grew', () =>
  withRuns(async (a, b) => {
    const failed = await pyglass('diff', a, b, '--fail-above', 'work=50%', '--json');
    assert.equal(failed.status, 8);
    assert.equal(failed.stderr, 'Failed: work (app.py) grew by 100%, above 50%.\n');
    assert.equal(JSON.parse(failed.stdout).exceeded[0].name, 'work (app.py)');
    assert.equal((await pyglass('diff', a, b, '--fail-above', 'app.py:work=150%')).status, 0);
    assert.equal((await pyglass('diff', b, a, '--fail-above', 'work=0%')).status, 0);
  }));

test('what cannot be compared is one error, with what to type', () =>
  withRuns(async (a, b, folder) => {
    const errorOf = async (...args: string[]) => {
      const { status, stderr } = await pyglass('diff', ...args);
      return [status, ...stderr.trimEnd().split('\n')];
    };
    assert.deepEqual(await errorOf(a, b, '--fail-above', 'wrok=5%'), [
      2,
      'pyglass: --fail-above: neither recording has a route or a Python function "wrok" to compare',
      'To list what is compared:',
      '  pyglass diff --all BEFORE AFTER',
    ]);
    assert.deepEqual(await errorOf(a, b, '--per', 'request'), [
      2,
      'pyglass: no route has eight requests of a known length in both recordings',
      'Record for longer, or compare time per second:',
      '  pyglass diff --per second BEFORE AFTER',
    ]);
    const [status, line] = await errorOf(a, b, '--fail-above', '10');
    assert.deepEqual([status, /It is a growth, such as 10%/.test(String(line))], [2, true]);
    writeFileSync(`${folder}/text`, 'no recording');
    assert.equal((await errorOf(a, `${folder}/text`))[0], 6);
    assert.equal((await errorOf(a, `${folder}/missing`))[0], 6);
    writeRun(`${folder}/empty.pyglass`, 5, 0);
    assert.deepEqual(await errorOf(a, `${folder}/empty.pyglass`), [
      7,
      `pyglass: ${folder}/empty.pyglass holds no samples: there is nothing to compare`,
    ]);
    assert.equal((await errorOf(a, b, '-o', b, '-f', 'html'))[0], 5);
    assert.deepEqual(await errorOf(a, b, '-o', `${folder}/diff.txt`), [
      2,
      `pyglass: ${folder}/diff.txt is a name for raw, and what changed is written as html or svg`,
      'Name it so, or give the format:',
      '  -o diff.html',
      `  -f html -o ${folder}/diff.txt`,
    ]);
    assert.equal(existsSync(`${folder}/diff.txt`), false);
    // There may be another recording under that name.
    assert.deepEqual((await errorOf(a, b, '-o', `${folder}/c.pyglass`)).slice(0, 2), [
      2,
      `pyglass: ${folder}/c.pyglass is a name for a recording, and what changed is written as html or svg`,
    ]);
    assert.equal(existsSync(`${folder}/c.pyglass`), false);
    assert.deepEqual(await errorOf(a, b, '-f', 'html'), [
      2,
      'pyglass: -f is the format of an output, and there is none',
      'Name it:',
      '  pyglass diff BEFORE AFTER -o diff.html',
    ]);
    assert.equal((await errorOf('-', '-'))[0], 2);
    assert.ok(readFileSync(b).length > 100);
  }));
