import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openInput } from './spooled-input.js';

async function withFolder(act: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pyglass-test-'));
  try {
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nothing = () => {};

test('a file is read where it lies', () =>
  withFolder((folder) => {
    const path = join(folder, 'file');
    writeFileSync(path, 'hello');
    const input = openInput(path, () => assert.fail('it is no pipe'));
    assert.equal(input.size, 5);
    assert.ok(Math.abs(Date.now() - input.writtenAt!) < 60_000);
    assert.deepEqual(input.read(1, 3), new Uint8Array(Buffer.from('ell')));
    for (const [offset, length] of [
      [3, 3],
      [-1, 2],
      [0, -1],
      [Number.NaN, 1],
      [2 ** 52, 2 ** 52],
    ] as const)
      assert.equal(input.read(offset, length), undefined);
    input.close();
  }));

/** Runs `act` with the name of an open file of ours that leads to what the shell command prints. */
async function withPipe(folder: string, command: string, act: (path: string) => void): Promise<void> {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', `{ ${command}; } > "$0"`, fifo], { stdio: 'ignore' });
  const ended = once(writer, 'exit');
  const file = openSync(fifo, 'r');
  try {
    act(`/proc/self/fd/${file}`);
  } finally {
    closeSync(file);
    writer.kill('SIGKILL');
    await ended;
  }
}

test('what a pipe brings is kept, its empty parts and all, in a file without a name', () =>
  withFolder(async (folder) => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    const beginnings: number[] = [];
    const command = 'printf begin; head -c 3000000 /dev/zero; printf end';
    await withPipe(folder, command, (path) => {
      const input = openInput(path, ({ length }) => beginnings.push(length));
      assert.equal(input.size, 3_000_008);
      assert.equal(input.writtenAt, undefined);
      assert.deepEqual(input.read(0, 6), new Uint8Array(Buffer.from('begin\0')));
      assert.deepEqual(input.read(1_500_000, 2), Uint8Array.of(0, 0));
      assert.deepEqual(input.read(3_000_004, 4), new Uint8Array(Buffer.from('\0end')));
      assert.equal(input.read(3_000_005, 4), undefined);
      assert.deepEqual(beginnings, [1 << 20]);
      assert.deepEqual(readdirSync(folder), ['fifo']);
      input.close();
    }).finally(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
  }));

test('a pipe that brings the wrong thing is not read on', () =>
  withFolder((folder) =>
    withPipe(folder, 'cat /dev/zero', (path) => {
      const error = new Error('not this');
      assert.throws(
        () =>
          openInput(path, () => {
            throw error;
          }),
        error,
      );
    }),
  ));

test('nobody waits for a pipe without a writer, or reads a device', () =>
  withFolder((folder) => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    assert.throws(() => openInput(fifo, nothing), /named pipe/);
    assert.throws(() => openInput('/dev/zero', nothing), /terminal or a device/);
    assert.throws(() => openInput('/dev/fd/9999', nothing), /is not open/);
  }));
