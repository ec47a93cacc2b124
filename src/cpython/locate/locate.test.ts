import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elf, exporting, runtime } from '../../../tests/support/made-elf.js';
import type { ByteSource } from '../../binary/byte-source.js';
import { FakeMemory } from '../../memory/fake-memory.js';
import { PyglassError } from '../../model/error.js';
import { locateRuntime, type MappedImage } from './locate.js';
import { holdsPyPy } from './python-file.js';

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
  [183, 'aarch64'],
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

test('a 32-bit Python is refused as such', () => {
  const bytes = elf(3);
  bytes[4] = 1;
  assert.throws(() => locateRuntime([image('/usr/bin/python3.11', bytes)], memoryOf(bytes)), /32-bit x86/);
  assert.equal(locateRuntime([image('/usr/bin/perl', bytes)], memoryOf(bytes)), undefined);
});

/** A runtime that has this version and lists an interpreter. */
function withVersion(hex: number): Uint8Array {
  const bytes = elf(62, runtime);
  bytes.set(new TextEncoder().encode('xdebugpy'), 4096);
  new DataView(bytes.buffer).setUint32(4096 + 8, hex, true);
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

test('a file that is another one than in memory is not believed', () => {
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

test('PyPy is known by what it exports', () => {
  const source = (name: string) => image('/opt/engine', exporting(name)).open()!;
  assert.equal(holdsPyPy(source('pypy_main_startup')), true);
  assert.equal(holdsPyPy(source('Py_BytesMain')), false);
  assert.equal(
    locateRuntime([image('/opt/engine', exporting('pypy_main_startup'))], new FakeMemory()),
    undefined,
  );
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
  const gone = { ...image('/opt/libpython3.6m.so.1.0', bytes), open: () => undefined };
  assert.throws(() => locateRuntime([gone], memoryOf(bytes)), /this is Python 3\.6;/);
});
