import assert from 'node:assert/strict';
import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { PyglassError } from '../model/error.js';
import { fileHeaderSize } from '../recording/format.js';
import { RecordingEncoder } from '../recording/recording-encoder.js';
import { readRecording } from './read-recording.js';
import { RecordingFile } from './recording-file.js';

function withFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/pyglass-test-`);
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A recording of `blocks` blocks, ten ticks of a millisecond in each. */
function write(path: string, blocks: number): void {
  const encoder = new RecordingEncoder({ writer: 't', startedAt: 0, rate: 20_000, title: 'x' });
  const process = encoder.defineProcess({ pid: 7, parentPid: 1, commandLine: [], pythonVersion: '' });
  const thread = encoder.defineThread({ process, threadId: 7, name: 'main', interpreter: 0 });
  const file = new RecordingFile(path, false);
  for (let block = 0; block < blocks; block++) {
    for (let tick = 1; tick <= 10; tick++) {
      encoder.beginTick(process, (block * 10 + tick) * 1000);
      encoder.sample(thread, 0, 0);
      encoder.endTick();
    }
    if (block === blocks - 1) encoder.finish(blocks * 10_000);
    file.append(encoder.takeBlock()!);
  }
  file.close();
}

test('what was written is read', () =>
  withFolder((folder) => {
    write(`${folder}/x`, 3);
    const profile = readRecording(`${folder}/x`);
    assert.equal(profile.complete, true);
    assert.equal(profile.duration, 30_000);
    assert.equal(profile.damagedBlocks, 0);
  }));

test('cut anywhere it is read up to the last whole block', () =>
  withFolder((folder) => {
    write(`${folder}/x`, 3);
    const whole = readFileSync(`${folder}/x`);
    for (let length = fileHeaderSize; length < whole.length; length++) {
      writeFileSync(`${folder}/cut`, whole.subarray(0, length));
      const profile = readRecording(`${folder}/cut`);
      assert.equal(profile.complete, false);
      assert.equal(profile.damagedBlocks, 0);
      assert.ok([0, 10_000, 20_000].includes(profile.duration));
    }
  }));

test('damage costs the blocks that it hit', () =>
  withFolder((folder) => {
    write(`${folder}/x`, 5);
    const whole = readFileSync(`${folder}/x`);
    fc.assert(
      fc.property(
        fc.integer({ min: fileHeaderSize, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const bytes = Uint8Array.from(whole);
          bytes[at]! ^= flip;
          writeFileSync(`${folder}/damaged`, bytes);
          const profile = readRecording(`${folder}/damaged`);
          assert.equal(profile.complete, false);
          // A last block whose length grew looks like one that was never finished.
          assert.ok(profile.damagedBlocks <= 2);
          assert.ok(profile.duration >= 40_000);
        },
      ),
    );
  }));

test('other files are refused by what is wrong with them', () =>
  withFolder((folder) => {
    const refused = (content: string | Uint8Array, code: string) => {
      writeFileSync(`${folder}/x`, content);
      assert.throws(
        () => readRecording(`${folder}/x`),
        (error) => error instanceof PyglassError && error.code === code,
      );
    };
    refused('', 'not-a-recording');
    refused('<svg/>', 'not-a-recording');
    refused(Uint8Array.from([...Buffer.from('PYGLASS'), 200]), 'recording-too-new');
    assert.throws(
      () => readRecording(folder),
      (error) => error instanceof PyglassError && error.code === 'file-is-folder',
    );
  }));

/** A header of a block of `length` bytes that follow nowhere as it says. */
function falseHeader(length: number): Buffer {
  const header = Buffer.alloc(12, 1);
  header.set([0xf5, 0x70, 0x67, 0x62]);
  header.writeUInt32LE(length, 4);
  return header;
}

test('markers that begin no block are each passed over at once', () =>
  withFolder((folder) => {
    write(`${folder}/x`, 1);
    const whole = readFileSync(`${folder}/x`);
    const bounded = (between: Buffer) => {
      const bytes = Buffer.concat([
        whole.subarray(0, fileHeaderSize),
        between,
        whole.subarray(fileHeaderSize),
      ]);
      writeFileSync(`${folder}/y`, bytes);
      let read = 0;
      const real = fs.readSync;
      const counted = (...args: Parameters<typeof fs.readSync>) => {
        const count = real(...args);
        read += count;
        return count;
      };
      mock.method(fs, 'readSync', counted as typeof fs.readSync);
      syncBuiltinESMExports();
      try {
        const profile = readRecording(`${folder}/y`);
        assert.equal(profile.complete, false);
        return { profile, read, size: bytes.length };
      } finally {
        mock.restoreAll();
        syncBuiltinESMExports();
      }
    };
    const short = bounded(Buffer.concat(new Array(50_000).fill(falseHeader(0xffff_ffff))));
    assert.equal(short.profile.duration, 10_000);
    assert.ok(short.read < 3 * short.size, `${short.read} bytes read of ${short.size}`);
    // Each of these says that most of the file is its own.
    const long = bounded(Buffer.concat(new Array(50_000).fill(falseHeader(500_000))));
    assert.equal(long.profile.duration, 10_000);
    assert.ok(long.read < (64 << 20) + 8 * long.size, `${long.read} bytes read of ${long.size}`);
  }));
