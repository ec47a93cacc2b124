import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type CoreFile, PyglassError, type Snapshot, snapshot } from '../../src/index.js';
import { main } from '../support/command.js';
import { writeCore } from '../support/core-writer.js';
import { coreOfImage } from '../support/image-core.js';
import { imageOfFixture, stateFixtures } from '../support/images.js';
import { coreOfProcess, stop } from '../support/process-core.js';
import { pyglass } from '../support/pyglass.js';
import { anyPython } from '../support/pythons.js';
import { withFolder } from '../support/recordings.js';
import { withTarget } from '../support/targets.js';

const ofImage = coreOfImage(imageOfFixture(stateFixtures.find(({ minor }) => minor === 13)!));

/** The same with other bytes at a place. */
function withBytes(at: number, ...bytes: number[]): Uint8Array {
  const core = ofImage.slice();
  core.set(bytes, at);
  return core;
}

async function errorOf(core: CoreFile): Promise<PyglassError> {
  try {
    await snapshot(core);
  } catch (error) {
    assert.ok(error instanceof PyglassError, String(error));
    return error;
  }
  return assert.fail('it was read');
}

test('what is no core file for x86-64 is refused, with what it is', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'core');
    for (const [bytes, code, message] of [
      ['', 'not-a-core', 'is no core file: it is empty'],
      ['hello, world', 'not-a-core', 'is no core file: it does not begin like one'],
      [new Uint8Array(100_000), 'not-a-core', 'is no core file: it does not begin like one'],
      [withBytes(16, 2), 'not-a-core', 'is no core file: it is an executable'],
      [withBytes(16, 9), 'not-a-core', 'is no core file: it is another kind of ELF file'],
      [
        withBytes(18, 243),
        'machine-unsupported',
        'is of a program for RISC-V; pyglass reads those for x86-64 and aarch64',
      ],
      [
        withBytes(4, 1, 1),
        'machine-unsupported',
        'is of a program for 32-bit x86-64; pyglass reads those for x86-64 and aarch64',
      ],
      [ofImage.subarray(0, 30), 'core-damaged', 'the core file is cut short'],
      [
        ofImage.subarray(0, 200),
        'core-damaged',
        'the core file is cut short, within the table of its memory',
      ],
      [withBytes(56, 0, 0), 'core-damaged', 'the core file is damaged: it has no table of its memory'],
      [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), 'core-compressed', 'is compressed with zstd'],
      [Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0), 'core-compressed', 'is compressed with lz4'],
      [Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'core-compressed', 'is compressed with xz'],
      [gzipSync('core'), 'core-compressed', 'is compressed with gzip'],
    ] as const) {
      writeFileSync(path, bytes);
      const error = await errorOf({ core: path });
      assert.equal(error.code, code, error.message);
      assert.ok(error.message.startsWith(code === 'core-damaged' ? `cannot read ${path}: ` : `${path} `));
      assert.ok(error.message.endsWith(message), error.message);
    }
  }));

test('what is no file at all is refused at once', () =>
  withFolder(async (folder) => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    for (const [core, code, message] of [
      [folder, 'file-is-folder', 'it is a folder'],
      [fifo, 'file-error', 'it is a named pipe; give its content on standard input'],
      ['/dev/zero', 'file-error', 'it is a terminal or a device'],
      [join(folder, 'missing'), 'file-not-found', 'there is no such file or folder'],
    ] as const) {
      const error = await errorOf({ core });
      assert.equal(error.code, code);
      assert.equal(error.message, `cannot read ${core}: ${message}`);
    }
    const named = join(folder, 'core');
    writeFileSync(named, ofImage);
    const error = await errorOf({ core: named, executable: fifo });
    assert.equal(error.message, `cannot read ${fifo}: it is no regular file`);
  }));

test('a core file that does not say which files were mapped is refused', () =>
  withFolder(async (folder) => {
    const core = join(folder, 'core');
    const bytes = new Uint8Array(4096);
    const segments = [{ start: 4096, size: 4096, flags: 6, bytes }];
    writeFileSync(
      core,
      writeCore({ segments, threads: [], pid: 1, parentPid: 0, commandLine: 'x', mappings: [] }),
    );
    const error = await errorOf({ core });
    assert.equal(error.code, 'core-damaged');
    assert.match(error.message, /: the core file does not say which files the program had mapped$/);
  }));

test('a core file of another program is no Python', () =>
  withFolder(async (folder) => {
    const core = join(folder, 'core');
    const sleep = await withTarget(
      { ...anyPython(), command: ['sh'] },
      { code: 'echo ready; exec sleep 1000' },
      async ({ pid }) => {
        stop(pid);
        return coreOfProcess(pid);
      },
    );
    writeFileSync(core, sleep);
    const { status, stdout, stderr } = await pyglass('dump', '-c', core);
    assert.match(
      stderr,
      /^pyglass: \S+ is not of a Python program: \/\S+\nA debugger shows what it did:\n {2}gdb -c \S+\n$/,
    );
    assert.equal(stdout, '');
    assert.equal(status, 3);
  }));

test('the message names the command that decompresses, and that command works', () =>
  withFolder(async (folder) => {
    const core = join(folder, 'core of mine.gz');
    writeFileSync(core, gzipSync(withBytes(18, 243)));
    const { status, stderr } = await pyglass('dump', '-c', core);
    assert.equal(status, 6);
    const [, , command] = stderr.split('\n');
    assert.equal(command, `  gzip -dc '${core}' | pyglass dump -c -`);
    const shown = spawnSync('sh', ['-c', command.replace('| pyglass', `| "${process.execPath}" "${main}"`)]);
    assert.match(String(shown.stderr), /^pyglass: standard input is of a program for RISC-V/);
  }));

test('a pipe is read by "-" and by /dev/fd, and leaves nothing behind', () =>
  withFolder((folder) =>
    withTarget(anyPython(), { code: 'print("ready", flush=True)\ninput()' }, async ({ pid }) => {
      stop(pid);
      const core = join(folder, 'core');
      writeFileSync(core, coreOfProcess(pid));
      const command = `"${process.execPath}" "${main}" dump -c`;
      const expected = spawnSync('sh', ['-c', `${command} "$0"`, core], { encoding: 'utf8' });
      const threads = (text: string) => text.slice(text.indexOf('\nThread '));
      assert.match(threads(expected.stdout), /^\nThread \d+.*\n[\s\S]* <module> \(<string>:\d\)\n/);
      for (const way of [
        `cat "$0" | ${command} -`,
        `${command} - < "$0"`,
        `cat "$0" | ${command} /dev/fd/0`,
      ]) {
        const env = { ...process.env, TMPDIR: folder };
        const { stdout, stderr } = spawnSync('sh', ['-c', way, core], { encoding: 'utf8', env });
        assert.equal(stderr, '');
        assert.equal(threads(stdout), threads(expected.stdout), way);
        assert.deepEqual(readdirSync(folder), ['core']);
      }
      assert.ok(tmpdir() !== folder);
    }),
  ));

test('files of another machine are found by --executable and --sysroot, checked, and named when they are missing', () =>
  withFolder(async (folder) => {
    const python = anyPython();
    // A Python that is nowhere by the time the core file is read.
    const home = join(folder, 'home');
    mkdirSync(home);
    const facts = execFileSync(python.command[0], [
      '-c',
      'import sys, os; print(os.path.realpath(sys.executable)); print(sys.base_prefix)',
    ]);
    const [executable = '', prefix = ''] = String(facts).split('\n');
    const copy = join(home, 'python-of-mine');
    copyFileSync(executable, copy);
    chmodSync(copy, 0o755);
    const core = join(folder, 'core');
    const library = join(dirname(dirname(executable)), 'lib');
    const env = { ...process.env, PYTHONHOME: prefix, LD_LIBRARY_PATH: library };
    await withTarget(
      { ...python, command: [copy] },
      { code: 'print("ready", flush=True)\ninput()' },
      async ({ pid }) => {
        stop(pid);
        writeFileSync(core, coreOfProcess(pid));
      },
      { env },
    );
    const moved = join(folder, 'moved');
    execFileSync('mv', [copy, moved]);
    const stackOf = ({ processes }: Snapshot) =>
      processes[0]!.threads[0]!.frames.map(({ name }) => name).slice(-1);
    const missing = async (): Promise<Snapshot | PyglassError> => snapshot({ core }).catch((error) => error);
    // Where Python is a library, its executable is not needed.
    const without = await missing();
    if (without instanceof PyglassError) {
      assert.equal(without.code, 'core-files-missing');
      assert.match(
        without.message,
        /\/home\/python-of-mine( \(build id [0-9a-f]+\))? is not on this machine$/,
      );
    } else assert.deepEqual(stackOf(without), ['<module>']);
    assert.deepEqual(stackOf(await snapshot({ core, executable: moved })), ['<module>']);
    const wrong = await errorOf({ core, executable: process.execPath });
    assert.equal(wrong.code, 'core-file-differs');
    const sysroot = join(folder, 'sysroot');
    mkdirSync(join(sysroot, home), { recursive: true });
    copyFileSync(moved, join(sysroot, home, basename(copy)));
    assert.deepEqual(stackOf(await snapshot({ core, sysroot })), ['<module>']);
    // Another file at the path that the executable had.
    copyFileSync(process.execPath, copy);
    const replaced = await missing();
    if (replaced instanceof PyglassError)
      assert.match(replaced.message, /is another file here than the one that ran$/);
    else assert.deepEqual(stackOf(replaced), ['<module>']);
  }));

test('flags that belong together', async () => {
  for (const [words, message] of [
    [['--core', 'x', '--pid', '1'], "'-c, --core <file>' cannot be used with option '-p, --pid <pid>'"],
    [['--core', 'x', '-s'], "'-c, --core <file>' cannot be used with option '-s, --subprocesses'"],
    [['--executable', 'x'], '--executable needs a core file: --core FILE'],
    [['--sysroot', 'x'], '--sysroot needs a core file: --core FILE'],
  ] as const) {
    const { status, stderr } = await pyglass('dump', ...words);
    assert.ok(stderr.trim().endsWith(message), stderr);
    assert.equal(status, 2);
  }
});
