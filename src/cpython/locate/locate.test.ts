import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf, exporting, runtime } from '../../../tests/support/made-elf.js';
import type { ByteSource } from '../../binary/byte-source.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { PyglassError } from '../../model/error.js';
import { before3_7_4 } from '../layouts/python3_7.js';
import { freeThreadedVersions, supportedVersion, supportedVersions, versionName } from '../versions.js';
import { locateRuntime, type MappedImage } from './locate.js';
import { staticRuntime } from './static-runtime.js';

const start = 0x7000_0000;

function image(
  path: string,
  bytes: Uint8Array,
  size = bytes.length,
  onRead = (_length: number) => {},
): MappedImage {
  const source: ByteSource = {
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) return undefined;
      onRead(length);
      const part = new Uint8Array(length);
      part.set(bytes.subarray(offset, offset + length));
      return part;
    },
  };
  return { path, mappings: [{ start, offset: 0, permissions: 'rw-p' }], open: () => source };
}

function memoryOf(bytes: Uint8Array): FakeMemory {
  const memory = new FakeMemory();
  memory.put(start, bytes);
  return memory;
}

for (const [machine, name] of [
  [243, 'RISC-V'],
  [21, 'PowerPC64'],
] as const) {
  test(`a Python for ${name} is refused as such`, () => {
    const bytes = elf(machine, runtime);
    assert.throws(
      () => locateRuntime([image('/usr/bin/python3.11', bytes)], memoryOf(bytes)),
      (error) =>
        error instanceof PyglassError && error.code === 'machine-unsupported' && error.message.includes(name),
    );
  });
}

/** Class and order of the bytes as in the header, the machine, and what it is called. */
for (const [bits, order, machine, name] of [
  [1, 1, 3, '32-bit x86'],
  [1, 1, 40, '32-bit ARM'],
  // x32: 32-bit pointers on x86-64.
  [1, 1, 62, '32-bit x86-64'],
  [1, 2, 8, '32-bit MIPS'],
  [2, 2, 22, 's390x'],
  [2, 2, 21, 'PowerPC64'],
  [1, 1, 9999, '32-bit machine 9999'],
] as const) {
  test(`a Python for ${name} is refused by the header of its file (${bits}, ${order})`, () => {
    const bytes = elf(machine);
    bytes[4] = bits;
    bytes[5] = order;
    if (order === 2) new DataView(bytes.buffer).setUint16(18, machine);
    for (const path of ['/usr/bin/python3.11', '/usr/lib/libpython3.11.so.1.0', '/srv/venv/bin/python'])
      assert.throws(
        () => locateRuntime([image(path, bytes)], memoryOf(bytes)),
        (error) =>
          error instanceof PyglassError &&
          error.code === 'machine-unsupported' &&
          error.message === `this Python is for ${name}; pyglass reads those for x86-64 and aarch64`,
        path,
      );
    for (const path of ['/usr/bin/perl', '/usr/lib/python3/mod.so', '/usr/bin/pythonesque'])
      assert.equal(locateRuntime([image(path, bytes)], memoryOf(bytes)), undefined, path);
  });
}

/** A runtime that has this version and lists an interpreter. */
function withVersion(hex: number): Uint8Array {
  const bytes = elf(62, runtime);
  bytes.set(new TextEncoder().encode('xdebugpy'), 4096);
  new DataView(bytes.buffer).setUint32(4096 + 8, hex, true);
  return bytes;
}

/** A runtime that lists no interpreter, and a version among the constants. */
function withConstant(version: string): Uint8Array {
  const bytes = elf(62, runtime, ['.rodata', 1, 3000, 3000, 64, 0]);
  bytes.set(new TextEncoder().encode(version), 3010);
  return bytes;
}

test('a version that cannot be is none, and one that can is reported', () => {
  for (const hex of [0x3831_2df0, 0x0000_0000, 0x030d_0020, 0xffff_ffff, 0x03ff_00f0]) {
    const bytes = withVersion(hex);
    assert.equal(locateRuntime([image('/usr/bin/python3', bytes)], memoryOf(bytes)), undefined);
  }
  const bytes = withVersion(0x0310_00f0);
  assert.throws(
    () => locateRuntime([image('/usr/bin/python3', bytes)], memoryOf(bytes)),
    /this is Python 3\.16\.0;/,
  );
});

test('an alpha or beta is refused: its structs are not those of the release', () => {
  for (const { minor } of supportedVersions) {
    for (const [level, written] of [
      [0xa3, '0a3'],
      [0xb1, '0b1'],
    ] as const) {
      const hex = 0x0300_0000 | (minor << 16) | level;
      const name = versionName(minor);
      const bytes = minor >= 13 ? withVersion(hex) : withConstant(`${name}.${written}`);
      const locate = () => locateRuntime([image(`/usr/bin/python${name}`, bytes)], memoryOf(bytes));
      const message = new RegExp(`${name.replace('.', '\\.')}\\.${written}, a`);
      assert.throws(locate, { code: 'python-unsupported', message });
    }
  }
  for (const minor of [8, 12]) {
    const bytes = withConstant(`3.${minor}.0rc1`);
    const found = locateRuntime([image(`/usr/bin/python3.${minor}`, bytes)], memoryOf(bytes));
    assert.equal(found?.version, `3.${minor}.0rc1`);
  }
});

test('a free-threaded build has a layout of its own, and a version that says so', () => {
  for (const { minor, layout } of freeThreadedVersions) {
    const bytes = withVersion(0x0300_01f0 | (minor << 16));
    bytes[4096 + 16] = 1;
    const found = locateRuntime([image('/usr/bin/python3', bytes)], memoryOf(bytes));
    assert.equal(found?.version, `3.${minor}.1t`);
    assert.deepEqual(found?.layout.freeThreading, layout.freeThreading);
  }
  const later = withVersion(0x0310_01f0);
  later[4096 + 16] = 1;
  assert.throws(() => locateRuntime([image('/usr/bin/python3', later)], memoryOf(later)), {
    code: 'python-unsupported',
    message: /3\.16\.1t/,
  });
});

test('a build that keeps a list of all objects is refused up to 3.12: their headers are longer', () => {
  const section = ['.PyRuntime', 1, 7000, 7000, 1000, 0] as const;
  for (const minor of [8, 10, 12]) {
    const path = `/usr/bin/python3.${minor}`;
    const bytes = exporting('_Py_ForgetReference', section);
    assert.throws(() => locateRuntime([image(path, bytes)], memoryOf(bytes)), { code: 'build-unsupported' });
    const usual = exporting('Py_GetVersion', section);
    assert.equal(locateRuntime([image(path, usual)], memoryOf(usual))?.version, `3.${minor}`);
  }
});

test('a file that differs from memory is not used', () => {
  const memory = memoryOf(withVersion(0x0310_00f0));
  const other = elf(183, runtime);
  other[300] = 1;
  assert.equal(locateRuntime([image('/usr/bin/python3', other)], memory), undefined);
});

test('any number of large files is searched within one bound', () => {
  // Symbols and their names, 64 MiB each, in a file with holes.
  const size = 160 << 20;
  const symbols = ['.symtab', 2, 0, 1 << 20, 60 << 20, 1] as const;
  const strings = ['.strtab', 3, 0, 70 << 20, 64 << 20, 0] as const;
  const bytes = elf(62, symbols, strings);
  let read = 0;
  const images = Array.from({ length: 40 }, (_, index) =>
    image(`/tmp/python${index}.so`, bytes, size, (length) => {
      read += length;
    }),
  );
  assert.equal(locateRuntime(images, memoryOf(bytes)), undefined);
  assert.ok(read <= 200 << 20, `${read} bytes were read`);
  assert.ok(read >= 100 << 20);
});

test('of a file that cannot be opened, what it exports is found in memory', () => {
  const bytes = exporting('Py_GetVersion');
  const view = new DataView(bytes.buffer);
  // PT_DYNAMIC: symbols, strings, hash table, each where it lies in memory, as the C library of Linux leaves them.
  view.setUint16(56, 2, true);
  view.setUint32(120, 2, true);
  view.setBigUint64(136, 7000n, true);
  view.setBigUint64(160, 64n, true);
  for (const [index, word] of [6, start + 4096, 5, start + 5000, 0x6fff_fef5, start + 6000, 0, 0].entries())
    view.setBigUint64(7000 + index * 8, BigInt(word), true);
  const gone = { ...image('/opt/libpython3.5m.so.1.0', bytes), open: () => undefined };
  assert.throws(() => locateRuntime([gone], memoryOf(bytes)), /this is Python 3\.5;/);
});

test('up to 3.7.3 the runtime has another form, which its collector shows', () => {
  const path = '/usr/bin/python3.7';
  const { layout } = supportedVersion(3, 7)!;
  for (const early of [true, false]) {
    const bytes = elf(62, runtime);
    const { runtime: fields, gc } = early ? before3_7_4 : layout;
    const collector = 4096 + fields.gc;
    new DataView(bytes.buffer).setBigUint64(
      collector + gc.firstGeneration,
      BigInt(start + collector + gc.generations),
      true,
    );
    const found = locateRuntime([image(path, bytes)], memoryOf(bytes))!;
    assert.deepEqual(found.layout.runtime, fields);
    assert.deepEqual(found.layout.gc, gc);
    assert.deepEqual(found.layout.frame, layout.frame);
  }
});

/** `mov 0x1000(%rip), %rax`, after what a compiler may put before it. */
const loadsHead = [0x48, 0x8b, 0x05, 0x00, 0x10, 0x00, 0x00, 0xc3];
const symbolsOf = (...names: readonly (readonly [string, number])[]) =>
  new Map([
    ['_PyThreadState_Current', 0x3010] as const,
    ['PyInterpreterState_Head', 0x2000] as const,
    ...names,
  ]);

test('without a runtime its parts are found by their symbols', () => {
  const { layout } = supportedVersion(3, 6)!;
  const symbols = symbolsOf(
    ...([
      ['interp_head', 0x3020],
      ['collecting', 0x4ff4],
      ['_Py_Finalizing', 0x1200],
      ['switch_mutex', 0x1100],
      ['switch_cond', 0x1140],
    ] as const),
    ...([
      ['gil_mutex', 0x1180],
      ['gil_cond', 0x11c0],
      ['gil_last_holder', 0x11f0],
      ['gil_switch_number', 0x11f8],
    ] as const),
  );
  const found = staticRuntime(new FakeMemory(), layout, { statics: symbols, machine: 'x86-64' }, start)!;
  assert.equal(found.runtime, start + 0x1100);
  const { runtime: fields, gil, gc } = found.layout;
  assert.deepEqual(fields, {
    interpretersHead: 0x1f20,
    gilThreadState: 0x1f10,
    gil: 0,
    gc: 0x3ef4,
    finalizing: 0x100,
  });
  assert.deepEqual(gil, { locked: -1, size: 0x100, lastHolder: 0xf0, switches: 0xf8 });
  assert.equal(gc.collecting, 0);
});

test('of a stripped file without a runtime the code has the address of the first interpreter', () => {
  const { layout } = supportedVersion(3, 6)!;
  for (const before of [[], [0xf3, 0x0f, 0x1e, 0xfa], [0x55, 0x48, 0x89, 0xe5]]) {
    const code = new Uint8Array(24);
    code.set([...before, ...loadsHead]);
    const memory = new FakeMemory();
    memory.put(start + 0x2000, code);
    const found = staticRuntime(memory, layout, { statics: symbolsOf(), machine: 'x86-64' }, start)!;
    const head = start + 0x3007 + before.length;
    assert.equal(found.runtime + found.layout.runtime.interpretersHead, head);
    assert.equal(found.runtime + found.layout.runtime.gilThreadState, start + 0x3010);
    // Who waits for the GIL is not known, nor when the collector runs.
    assert.deepEqual([found.layout.runtime.gil, found.layout.runtime.gc], [-1, -1]);
  }
  const memory = new FakeMemory();
  memory.put(start + 0x2000, new Uint8Array(24).fill(0x90));
  assert.equal(staticRuntime(memory, layout, { statics: symbolsOf(), machine: 'x86-64' }, start), undefined);
});

test('for aarch64 that code has the page and the offset in it', () => {
  const { layout } = supportedVersion(3, 6)!;
  // `ldr x0, [x0, 0x28]`, after `adrp x0` of the fifth page behind, and of the one before.
  const load = 0xf940_1400;
  for (const [code, head] of [
    [[0xb000_0020, load], start + 0x2000 + 0x5000 + 0x28],
    [[0xf0ff_ffe0, load], start + 0x2000 - 0x1000 + 0x28],
    // After `bti c`.
    [[0xd503_245f, 0xb000_0020, load], start + 0x2000 + 0x5000 + 0x28],
  ] as const) {
    const memory = new FakeMemory();
    const bytes = new Uint8Array(24);
    bytes.set(new Uint8Array(Uint32Array.from(code).buffer));
    memory.put(start + 0x2000, bytes);
    const found = staticRuntime(memory, layout, { statics: symbolsOf(), machine: 'aarch64' }, start)!;
    assert.equal(found.runtime + found.layout.runtime.interpretersHead, head);
  }
  const memory = new FakeMemory();
  memory.put(start + 0x2000, new Uint8Array(24).fill(0x1f));
  assert.equal(staticRuntime(memory, layout, { statics: symbolsOf(), machine: 'aarch64' }, start), undefined);
});

/** A Python 3.11 for aarch64, of a file with these names among those of the dynamic linker. */
function for311(...names: readonly string[]): Uint8Array {
  const bytes = elf(183, runtime, ['.rodata', 1, 3000, 3000, 64, 0], dynamicNames[0], dynamicNames[1]);
  bytes.set(new TextEncoder().encode('3.11.2\0'), 3010);
  bytes.set(new TextEncoder().encode(['', ...names, ''].join('\0')), 3200);
  return bytes;
}
const dynamicNames = [
  ['.dynsym', 11, 3100, 3100, 0, 3],
  ['.dynstr', 3, 3200, 3200, 200, 0],
] as const;

test('on aarch64 the C library says where the state of the GIL lies', () => {
  const { layout } = supportedVersion(3, 11)!;
  const find = (bytes: Uint8Array) => locateRuntime([image('/usr/bin/python3.11', bytes)], memoryOf(bytes))!;
  const { runtime: fields, gil } = find(for311('libm.so.6', 'libc.so.6')).layout;
  assert.equal(fields.gilThreadState, layout.runtime.gilThreadState + 16);
  assert.equal(gil.size, layout.gil.size + 16);
  assert.deepEqual(find(for311('libc.musl-aarch64.so.1')).layout, layout);
  assert.throws(() => find(for311('libm.so.6')), { code: 'build-unsupported' });
});

test('a program that an emulator keeps at other addresses than its own is refused as such', () => {
  const type = 0x1800;
  const find = (own: number) => {
    const bytes = exporting('PyType_Type', runtimeOfOthers, ['.rodata', 1, 3000, 3000, 64, 0]);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(4096 + 32, BigInt(type), true);
    bytes.set(new TextEncoder().encode('3.12.1\0'), 3010);
    view.setBigUint64(type + 8, BigInt(own), true);
    const { interpretersHead } = supportedVersion(3, 12)!.layout.runtime;
    view.setBigUint64(2048 + interpretersHead, BigInt(start), true);
    return () => locateRuntime([image('/usr/bin/python3.12', bytes)], memoryOf(bytes));
  };
  assert.equal(find(start + type)()?.version, '3.12.1');
  // Not relocated yet.
  assert.equal(find(0)()?.version, '3.12.1');
  assert.throws(find(start + type - 0x100_0000), { code: 'machine-unsupported' });
});

/** Beside the tables of `exporting`. */
const runtimeOfOthers = ['.PyRuntime', 1, 2048, 2048, 900, 0] as const;

/** `PyEval_ThreadsInitialized` as compilers write it: it compares the lock, 0x800 bytes further, with null. */
const comparesLock: readonly (readonly number[])[] = [
  [0x48, 0x83, 0x3d, 0xf8, 0x07, 0x00, 0x00, 0x00, 0x0f, 0x95, 0xc0],
  [0x31, 0xc0, 0x48, 0x83, 0x3d, 0xf6, 0x07, 0x00, 0x00, 0x00, 0x0f, 0x95, 0xc0],
  [0xf3, 0x0f, 0x1e, 0xfa, 0x31, 0xc0, 0x48, 0x83, 0x3d, 0xf2, 0x07, 0x00, 0x00, 0x00],
  [0x48, 0x8b, 0x05, 0xf9, 0x07, 0x00, 0x00, 0x48, 0x85, 0xc0],
];

test('of Python 2 the GIL is found by its symbol or its code, and how wide characters are by a name', () => {
  const { layout } = supportedVersion(2, 7)!;
  const found = (memory: FakeMemory, ...names: readonly (readonly [string, number])[]) => {
    const located = staticRuntime(
      memory,
      layout,
      { statics: symbolsOf(['interp_head', 0x3020], ...names), machine: 'x86-64' },
      start,
    )!;
    const { lock, characterWidth } = located.layout.python2!;
    return [lock < 0 ? -1 : located.runtime + lock, characterWidth];
  };
  const lock = ['interpreter_lock', 0x2800] as const;
  assert.deepEqual(found(new FakeMemory(), lock, ['PyUnicodeUCS2_FromUnicode', 0x10]), [start + 0x2800, 2]);
  for (const begin of comparesLock) {
    const memory = new FakeMemory();
    memory.put(start + 0x2000, Uint8Array.from([...begin, ...new Array<number>(24).fill(0x90)]));
    const names = [
      ['PyEval_ThreadsInitialized', 0x2000],
      ['PyUnicodeUCS4_FromUnicode', 0x10],
    ] as const;
    assert.deepEqual(found(memory, ...names), [start + 0x2800, 4]);
  }
  const memory = new FakeMemory();
  memory.put(start + 0x2000, new Uint8Array(24).fill(0x90));
  assert.deepEqual(found(memory, ['PyEval_ThreadsInitialized', 0x2000]), [-1, -1]);
});
