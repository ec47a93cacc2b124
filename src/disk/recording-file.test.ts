import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { PyglassError } from '../model/error.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { readFrom, readRecording } from './read-recording.js';
import { RecordingFile, recordingBeside } from './recording-file.js';

function withFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/pyglass-test-`);
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Payloads of ten ticks of a millisecond each. */
function payloads(count: number): Uint8Array[] {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 1000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  return Array.from({ length: count }, (_, block) => {
    for (let tick = 1; tick <= 10; tick++) {
      encoder.beginTick(process, (block * 10 + tick) * 1000);
      encoder.sample(thread, 0, 0);
      encoder.endTick();
    }
    if (block === count - 1) encoder.finish(count * 10_000);
    return encoder.takeBlock()!;
  });
}

const durationOf = (file: RecordingFile) => readFrom(file.source(), file.path).duration;

test('what is removed, moved or replaced while it grows is read all the same', () =>
  withFolder((folder) => {
    const [first, second] = payloads(2);
    const path = `${folder}/x`;
    const takings: readonly (() => void)[] = [
      () => rmSync(path),
      () => renameSync(path, `${folder}/moved`),
      () => {
        rmSync(path);
        writeFileSync(path, 'of somebody else');
      },
    ];
    for (const take of takings) {
      const file = new RecordingFile(path, false);
      file.append(first!);
      assert.ok(file.isInPlace);
      take();
      assert.ok(!file.isInPlace);
      file.append(second!);
      assert.equal(durationOf(file), 20_000);
      const copy = new RecordingFile(`${folder}/copy`, false);
      copy.appendCopyOf(file);
      assert.equal(readRecording(copy.path).duration, 20_000);
      copy.remove();
      file.remove();
      if (existsSync(path)) assert.equal(readFileSync(path, 'utf8'), 'of somebody else');
      rmSync(path, { force: true });
    }
  }));

test('what comes after somebody has emptied it is read', () =>
  withFolder((folder) => {
    const [first, second, third] = payloads(3);
    const file = new RecordingFile(`${folder}/x`, false);
    file.append(first!);
    truncateSync(file.path);
    assert.equal(durationOf(file), 0);
    file.append(second!);
    file.append(third!);
    assert.equal(durationOf(file), 30_000);
    assert.equal(readFrom(file.source(), file.path).damagedBlocks, 1);
    file.close();
  }));

test('two never write into one file', () =>
  withFolder((folder) => {
    const first = new RecordingFile(`${folder}/x`, false);
    first.append(payloads(1)[0]!);
    symlinkSync('x', `${folder}/link`);
    for (const path of ['x', 'link']) {
      assert.throws(
        () => new RecordingFile(`${folder}/${path}`, true),
        (error) => error instanceof PyglassError && error.code === 'recording-in-use',
      );
    }
    assert.equal(durationOf(first), 10_000);
    first.close();
    const next = new RecordingFile(`${folder}/link`, true);
    // Nothing of the earlier one is lost before there is something instead of it.
    assert.equal(readRecording(`${folder}/x`).duration, 10_000);
    next.append(payloads(2)[0]!);
    assert.equal(readRecording(`${folder}/x`).complete, false);
    next.remove();
    assert.ok(existsSync(`${folder}/x`), 'a file that was there before stays');
  }));

test('a recording beside an output replaces none that is there, and says which were left behind', () =>
  withFolder((folder) => {
    const payload = payloads(1)[0]!;
    const first = recordingBeside(`${folder}/x.svg`);
    first.file.append(payload);
    const second = recordingBeside(`${folder}/x.svg`);
    second.file.append(payload);
    assert.equal(first.file.path, `${folder}/x.svg.pyglass`);
    assert.equal(second.file.path, `${folder}/x.svg.2.pyglass`);
    // It still grows.
    assert.deepEqual(second.abandoned, []);
    first.file.close();
    second.file.close();
    const third = recordingBeside(`${folder}/x.svg`);
    assert.deepEqual(third.abandoned, [first.file.path, second.file.path]);
    third.file.close();
    // Nothing is in the third, which is therefore no loss.
    const fourth = recordingBeside(`${folder}/x.svg`, 0o600);
    assert.equal(fourth.file.path, `${folder}/x.svg.3.pyglass`);
    assert.equal(statSync(fourth.file.path).mode & 0o777, 0o600);
    fourth.file.remove();
    assert.equal(readdirSync(folder).length, 2);
  }));

test('a recording beside an output follows no link and waits for no FIFO of its name', () =>
  withFolder((folder) => {
    writeFileSync(`${folder}/victim`, 'before');
    symlinkSync('victim', `${folder}/x.svg.pyglass`);
    symlinkSync('nothing', `${folder}/x.svg.2.pyglass`);
    execFileSync('mkfifo', [`${folder}/x.svg.3.pyglass`]);
    const { file } = recordingBeside(`${folder}/x.svg`);
    file.append(payloads(1)[0]!);
    assert.equal(file.path, `${folder}/x.svg.4.pyglass`);
    file.close();
    assert.equal(readFileSync(`${folder}/victim`, 'utf8'), 'before');
    assert.ok(!existsSync(`${folder}/nothing`));
  }));

test('the longest names have room for the recording beside them', () =>
  withFolder((folder) => {
    for (const name of [`${'x'.repeat(251)}.svg`, 'ü'.repeat(127), '漢'.repeat(85)]) {
      const { file } = recordingBeside(`${folder}/${name}`);
      file.remove();
    }
    assert.deepEqual(readdirSync(folder), []);
  }));

test('temporary recordings are for nobody else, and the nameless leave nothing behind', () => {
  const temporary = RecordingFile.temporary('test');
  try {
    assert.equal(statSync(temporary.path).mode & 0o777, 0o600);
    assert.equal(statSync(`${temporary.path}/..`.replace(/\/[^/]*\/\.\.$/, '')).mode & 0o777, 0o700);
  } finally {
    temporary.remove();
  }
  assert.ok(!existsSync(temporary.path.replace(/\/[^/]*$/, '')));
  const nameless = RecordingFile.nameless('test');
  assert.ok(!existsSync(nameless.path.replace(/\/[^/]*$/, '')));
  nameless.append(payloads(1)[0]!);
  assert.equal(durationOf(nameless), 10_000);
  nameless.remove();
});
